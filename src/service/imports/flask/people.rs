//! The app's people: those whose password can be compared here log in with it, the others get a link to claim their account.

use super::Flask;
use crate::{
    model::{UserId, UserName},
    secrets::{MARK, WerkzeugHash},
    service::imports::{
        ImportError,
        people::{Login, New},
        text,
    },
};

/// The most people of one database.
const MOST: usize = 500_000;

/// The most characters of what is told of somebody.
const SHOWN: usize = 64;

/// Somebody, as the table has them.
struct Row {
    key: String,
    name: String,
    password: String,
    email: String,
    photo: Option<String>,
    active: bool,
}

impl Row {
    /// What they could be called here, which is shown to everybody: of an address, what stands before the `@`.
    fn name_here(&self) -> String {
        text::name(self.name.split('@').next().unwrap_or_default())
    }
}

impl Flask<'_> {
    /// Brings everybody.
    pub(super) async fn bring_people(&mut self) -> Result<(), ImportError> {
        let rows = self.rows().await?;
        for row in &rows {
            let name = UserName::key_of(&row.name);
            self.names.entry(name).or_insert_with(|| row.key.clone());
        }
        self.recognise(&rows)?;
        for row in rows {
            match self.import.people.get(&row.key).map(|person| person.id) {
                Some(id) => self.known(&row, id).await?,
                None => self.person(&row).await?,
            }
        }
        Ok(())
    }

    /// Refuses the database of another app than the one that was imported before: its people would be taken for others.
    fn recognise(&self, rows: &[Row]) -> Result<(), ImportError> {
        let (mut known, mut alike) = (0, 0);
        for row in rows {
            let Some(person) = self.import.people.get(&row.key) else {
                continue;
            };
            known += 1;
            let (here, there) = (UserName::key_of(&person.name), row.name_here());
            alike += usize::from(here.starts_with(&UserName::key_of(&there)));
        }
        if known > 1 && alike * 2 < known {
            return Err(ImportError::Failed(format!(
                "this seems to be the database of another app than the one that was imported before: of {known} people \
                 with the same ids, {alike} are called the same here. Import one app only into a Parlor"
            )));
        }
        Ok(())
    }

    async fn rows(&self) -> Result<Vec<Row>, ImportError> {
        let user = self.schema.user.clone();
        let read = move |tables: &crate::tables::Tables| {
            let fields = [
                "id", "name", "password", "email", "photo", "active", "blocked",
            ];
            let mut rows = Vec::new();
            let mut each = |(number, values): crate::tables::Row| {
                let text = |place: usize| values[place].text();
                let active = user.column("active").is_none() || values[5].holds();
                rows.push(Row {
                    key: text(0).unwrap_or_else(|| number.to_string()),
                    name: text(1).unwrap_or_default(),
                    password: text(2).unwrap_or_default(),
                    email: text(3).unwrap_or_default(),
                    photo: text(4),
                    active: active && !values[6].holds(),
                });
                rows.len() <= MOST
            };
            tables.each(&user.table, &user.columns(fields), &mut each)?;
            Ok(rows)
        };
        let rows = self.read(read).await?;
        if rows.len() > MOST {
            return Err(ImportError::Failed(format!(
                "{} has more than {MOST} people",
                self.schema.user.table.name
            )));
        }
        Ok(rows)
    }

    /// Somebody who was brought before. Who has not been here since gets the photo that they had no chance to change.
    async fn known(&mut self, row: &Row, id: UserId) -> Result<(), ImportError> {
        self.import.report.people_known += 1;
        let Some(account) = self.import.ctx.store.account(id).await? else {
            return Ok(());
        };
        let hash = self.import.ctx.store.password_hash(id).await?;
        let absent = hash.is_some_and(|hash| hash.is_empty() || hash.starts_with(MARK));
        if let (Some(photo), None, true) = (&row.photo, &account.card.photo, absent) {
            let name = account.card.name.as_str().to_owned();
            if self.photo(id, &name, photo).await? {
                self.import
                    .report
                    .people_told
                    .push(format!("{name}: photo"));
            }
        }
        Ok(())
    }

    async fn person(&mut self, row: &Row) -> Result<(), ImportError> {
        let (login, reason) = self.login(row);
        let name = row.name_here();
        let new = New {
            key: &row.key,
            names: vec![&name],
            email: &row.email,
            active: row.active,
            login,
        };
        let matched = self.import.report.matched;
        self.import.bring_person(new).await?;
        let matched = self.import.report.matched > matched;
        let Some(person) = self.import.people.get(&row.key).cloned() else {
            return Ok(());
        };
        let mut notes = Vec::new();
        if person.name != row.name.trim() {
            let there = text::one_line(&row.name, SHOWN);
            notes.push(format!("was called \"{there}\" there"));
        }
        match reason {
            _ if matched => {
                notes.push("has an account here, with the password from here".to_owned());
            }
            Some(reason) => notes.push(reason),
            None => {}
        }
        let notable = !notes.is_empty();
        if notes.is_empty() || person.here && !matched {
            notes.push("logs in with the old password".to_owned());
        }
        let line = format!("{}: {}", person.name, notes.join("; "));
        let photo = match &row.photo {
            Some(photo) if !matched => self.photo(person.id, &person.name, photo).await?,
            _ => false,
        };
        if self.import.how.dry {
            let photo = if photo { "; photo" } else { "" };
            self.import
                .report
                .people_told
                .push(format!("{line}{photo}"));
        } else if notable {
            self.import.report.warn(line);
        }
        Ok(())
    }

    /// How somebody will come in; where it is not by the password that they have, why.
    fn login(&mut self, row: &Row) -> (Login, Option<String>) {
        if !row.active {
            let reason = "was blocked there; gets a link to claim the account only by name";
            return (Login::Claim, Some(reason.to_owned()));
        }
        let hash = WerkzeugHash::parse(&row.password);
        let admitted = hash.and_then(|hash| self.kinds.admit(&hash).map(|()| hash));
        match admitted {
            Ok(hash) => (Login::Password(hash.stored()), None),
            Err(reason) => (
                Login::Claim,
                Some(format!("needs a link to claim the account: {reason}")),
            ),
        }
    }

    /// The key of whom a message or a room names, by id or by name; who is in no row has a key too.
    pub(super) fn who(&self, text: &str, column: &str) -> String {
        let text = text.trim();
        let gone = format!("gone:{}", text::one_line(text, SHOWN));
        let by_id = self.import.people.get(text).map(|_| text.to_owned());
        let by_name = || self.names.get(&UserName::key_of(text)).cloned();
        let found = if column.to_lowercase().ends_with("id") {
            by_id.or_else(by_name)
        } else {
            by_name().or(by_id)
        };
        found.unwrap_or(gone)
    }

    /// Who has this key; who is in no row gets an account that nobody is asked to claim.
    pub(super) async fn somebody(&mut self, key: &str) -> Result<UserId, ImportError> {
        if let Some(person) = self.import.people.get(key) {
            return Ok(person.id);
        }
        let named = key.strip_prefix("gone:").unwrap_or(key);
        let numbered = format!("former-{named}");
        let number = named.bytes().all(|byte| byte.is_ascii_digit());
        let new = New {
            key,
            names: vec![if number { &numbered } else { named }, &numbered],
            email: "",
            active: false,
            login: Login::Claim,
        };
        self.import.make(new, None).await?;
        let made = self.import.people.get(key).map(|person| person.id);
        made.ok_or_else(|| ImportError::Failed(format!("nobody is {key}")))
    }
}
