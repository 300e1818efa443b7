//! Which table and column of an app's database holds what: found by the names that such apps use, or as flags say.

use std::collections::BTreeMap;

use super::names::{Field, MEMBER, MESSAGE, PARTS, Part, ROOM, USER};
use crate::{
    service::imports::text,
    tables::{Column, Table},
};

/// What a flag says instead of a name, where there is no such table or column.
const NONE: &str = "none";

/// What the flags say: `user=accounts`, `user.name=nick`.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    tables: BTreeMap<&'static str, String>,
    columns: BTreeMap<(&'static str, &'static str), String>,
}

/// Why it is not clear what holds what, and which flag to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// The flag.
    pub flag: &'static str,
    /// The rest.
    pub problem: String,
}

const TABLE: &str = "--table";
const COLUMN: &str = "--column";

fn unclear<T>(flag: &'static str, problem: String) -> Result<T, Unclear> {
    Err(Unclear { flag, problem })
}

impl Said {
    /// Reads the values of `--table` and `--column`.
    pub(super) fn read(tables: &[String], columns: &[String]) -> Result<Self, Unclear> {
        let mut said = Self::default();
        for text in tables {
            let part = text.split_once('=');
            let found = part.and_then(|(name, _)| PARTS.iter().find(|part| part.name == name));
            let (Some((_, table)), Some(part)) = (part, found) else {
                let all = PARTS.map(|part| part.name).join(", ");
                return unclear(
                    TABLE,
                    format!("{text:?} is not PART=TABLE, with one of {all} as the part."),
                );
            };
            said.tables.insert(part.name, table.to_owned());
        }
        for text in columns {
            let found = text.split_once('=').and_then(|(name, column)| {
                let (part, field) = name.split_once('.')?;
                let part = PARTS.iter().find(|one| one.name == part)?;
                let field = part.fields.iter().find(|one| one.name == field)?;
                Some(((part.name, field.name), column.to_owned()))
            });
            let Some((key, column)) = found else {
                return unclear(
                    COLUMN,
                    format!(
                        "{text:?} is not PART.FIELD=COLUMN. The fields are {}.",
                        all_fields()
                    ),
                );
            };
            said.columns.insert(key, column);
        }
        Ok(said)
    }
}

fn all_fields() -> String {
    let all = PARTS.iter().flat_map(|part| {
        let fields = part.fields.iter();
        fields.map(|field| format!("{}.{}", part.name, field.name))
    });
    all.collect::<Vec<_>>().join(", ")
}

/// A part as it was found: its table, and its columns by field.
#[derive(Debug, Clone)]
pub(super) struct Mapped {
    part: &'static str,
    pub(super) table: Table,
    columns: BTreeMap<&'static str, String>,
}

impl Mapped {
    /// The column of a field.
    pub(super) fn column(&self, field: &str) -> Option<&str> {
        self.columns.get(field).map(String::as_str)
    }

    /// Those of these fields, as they are asked of the table.
    pub(super) fn columns<const N: usize>(&self, fields: [&str; N]) -> [Option<&str>; N] {
        fields.map(|field| self.column(field))
    }

    fn told(&self) -> String {
        let columns = self.columns.iter();
        let columns: Vec<_> = columns
            .map(|(field, column)| format!("{field} = {column}"))
            .collect();
        format!(
            "{} from {}: {}",
            self.part,
            self.table.name,
            columns.join(", ")
        )
    }
}

/// What holds what.
#[derive(Debug, Clone)]
pub(super) struct Schema {
    pub(super) user: Mapped,
    pub(super) message: Option<Mapped>,
    pub(super) room: Option<Mapped>,
    pub(super) member: Option<Mapped>,
}

impl Schema {
    /// Finds the parts among these tables.
    pub(super) fn find(tables: &[Table], said: &Said) -> Result<Self, Unclear> {
        let user = Finder {
            part: &USER,
            tables,
            said,
        }
        .find(&[])?;
        let Some(user) = user else {
            return unclear(
                TABLE,
                format!(
                    "No table has a column for names and one for passwords. {} Give --table user=TABLE, and \
                     --column user.name=COLUMN and --column user.password=COLUMN where they are called otherwise.",
                    found(tables)
                ),
            );
        };
        let mut taken = vec![user.table.name.clone()];
        let mut next = |part| -> Result<Option<Mapped>, Unclear> {
            let mapped = Finder { part, tables, said }.find(&taken)?;
            taken.extend(mapped.iter().map(|mapped| mapped.table.name.clone()));
            Ok(mapped)
        };
        let message = next(&MESSAGE)?;
        let of_rooms = message
            .as_ref()
            .is_some_and(|message| message.column("room").is_some());
        let room = if of_rooms { next(&ROOM)? } else { None };
        let member = if room.is_some() { next(&MEMBER)? } else { None };
        Ok(Self {
            user,
            message,
            room,
            member,
        })
    }

    /// What is read from where, and what is left, in lines.
    pub(super) fn told(&self, tables: &[Table]) -> Vec<String> {
        let parts = [
            Some(&self.user),
            self.message.as_ref(),
            self.room.as_ref(),
            self.member.as_ref(),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        let mut lines: Vec<_> = parts.iter().map(|mapped| mapped.told()).collect();
        let mut left = Vec::new();
        for table in tables {
            match parts.iter().find(|mapped| mapped.table.name == table.name) {
                None => left.push(format!("table {}", table.name)),
                Some(mapped) => left.extend(
                    table
                        .columns
                        .iter()
                        .filter(|column| !mapped.columns.values().any(|used| *used == column.name))
                        .map(|column| format!("{}.{}", table.name, column.name)),
                ),
            }
        }
        if !left.is_empty() {
            lines.push(format!("left out: {}", left.join(", ")));
        }
        lines
    }
}

/// What tables there are, with their columns, for a person who has to choose.
fn found(tables: &[Table]) -> String {
    let shown = |table: &Table| {
        let names: Vec<_> = table
            .columns
            .iter()
            .map(|column| shown(&column.name))
            .collect();
        format!("{} ({})", self::shown(&table.name), names.join(", "))
    };
    let all: Vec<_> = tables.iter().map(shown).collect();
    if all.is_empty() {
        "There is no table in it.".to_owned()
    } else {
        format!("Found: {}.", all.join("; "))
    }
}

/// A name out of the database, for a line on a terminal.
fn shown(name: &str) -> String {
    text::one_line(name, 64)
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Looks for one part.
struct Finder<'a> {
    part: &'static Part,
    tables: &'a [Table],
    said: &'a Said,
}

impl Finder<'_> {
    fn find(&self, taken: &[String]) -> Result<Option<Mapped>, Unclear> {
        match self.said.tables.get(self.part.name).map(String::as_str) {
            Some(NONE) if self.part.name != USER.name => return Ok(None),
            Some(name) => {
                let table = self
                    .tables
                    .iter()
                    .find(|table| table.name.eq_ignore_ascii_case(name));
                let Some(table) = table else {
                    return unclear(
                        TABLE,
                        format!("There is no table {name}. {}", found(self.tables)),
                    );
                };
                return self.map(table, true);
            }
            None => {}
        }
        let mut fitting = Vec::new();
        for table in self
            .tables
            .iter()
            .filter(|table| !taken.contains(&table.name))
        {
            let usual = self.part.tables.contains(&plain(&table.name).as_str());
            // Many tables have a text and an author, or a name: people alone are found by their columns.
            if (usual || self.part.name == USER.name) && self.fits(table) {
                fitting.push((usual, table));
            }
        }
        if fitting.iter().any(|(usual, _)| *usual) {
            fitting.retain(|(usual, _)| *usual);
        }
        match fitting[..] {
            [] => Ok(None),
            [(_, table)] => self.map(table, true),
            _ => {
                let all: Vec<_> = fitting.iter().map(|(_, table)| (*table).clone()).collect();
                let part = self.part.name;
                unclear(
                    TABLE,
                    format!(
                        "More than one table could be \"{part}\". {} Give --table {part}=TABLE.",
                        found(&all)
                    ),
                )
            }
        }
    }

    /// Whether all that the part needs is there.
    fn fits(&self, table: &Table) -> bool {
        self.map(table, false).is_ok_and(|mapped| mapped.is_some())
    }

    /// The columns of a table; where `wanted`, it is an error that one is missing, and else that it is not clear which.
    fn map(&self, table: &Table, wanted: bool) -> Result<Option<Mapped>, Unclear> {
        let mut columns = BTreeMap::new();
        for field in self.part.fields {
            let key = (self.part.name, field.name);
            let said = self.said.columns.get(&key).map(String::as_str);
            let column = match said {
                Some(NONE) if !field.needed => None,
                Some(name) => match table
                    .columns
                    .iter()
                    .find(|column| column.name.eq_ignore_ascii_case(name))
                {
                    Some(column) => Some(column),
                    None if wanted => {
                        let one = std::slice::from_ref(table);
                        return unclear(
                            COLUMN,
                            format!("{} has no column {name}. {}", table.name, found(one)),
                        );
                    }
                    None => return Ok(None),
                },
                None if field.name == "id" => table.columns.iter().find(|column| column.key),
                None => self.guess(table, field, wanted)?,
            };
            match column {
                Some(column) => {
                    columns.insert(field.name, column.name.clone());
                }
                None if field.needed && wanted => {
                    let (part, one) = (self.part.name, std::slice::from_ref(table));
                    return unclear(
                        COLUMN,
                        format!(
                            "It is not clear what is the {} in {}. {} Give --column {part}.{}=COLUMN.",
                            field.name,
                            table.name,
                            found(one),
                            field.name
                        ),
                    );
                }
                None if field.needed => return Ok(None),
                None => {}
            }
        }
        Ok(Some(Mapped {
            part: self.part.name,
            table: table.clone(),
            columns,
        }))
    }

    fn guess<'t>(
        &self,
        table: &'t Table,
        field: &Field,
        wanted: bool,
    ) -> Result<Option<&'t Column>, Unclear> {
        for names in field.names {
            let columns = table.columns.iter();
            let fitting: Vec<_> = columns
                .filter(|column| names.contains(&plain(&column.name).as_str()))
                .collect();
            match fitting[..] {
                [] => {}
                [column] => return Ok(Some(column)),
                [first, ..] if !wanted => return Ok(Some(first)),
                _ => {
                    let all: Vec<_> = fitting.iter().map(|column| column.name.as_str()).collect();
                    let (part, field) = (self.part.name, field.name);
                    return unclear(
                        COLUMN,
                        format!(
                            "More than one column of {} could be its {field}: {}. Give --column {part}.{field}=COLUMN.",
                            table.name,
                            all.join(", ")
                        ),
                    );
                }
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
