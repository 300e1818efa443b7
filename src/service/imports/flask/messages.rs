//! What was said. A first look notes where and when; then each room's messages are brought in the order of their times.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Flask,
    rooms::{Place, Rooms},
    schema::Mapped,
    times,
};
use crate::{
    model::{ImportedMessage, Mentioned, RoomKind, Timestamp},
    service::{
        imports::{
            ImportError, report,
            rooms::{BATCH, Described, Target},
            text,
        },
        render,
    },
    tables::{Row, Tables, Value},
};

/// What was said in one place: when, in which rows, and by whom.
#[derive(Debug, Default)]
struct Heard {
    rows: Vec<(Timestamp, i64)>,
    speakers: BTreeSet<String>,
}

/// Who wrote, to whom, and in which room, as the rows have it: few of them differ.
type From = [Option<String>; 3];

/// What the first look takes from the table.
#[derive(Debug, Default)]
struct Noted {
    origins: Vec<From>,
    places: HashMap<From, usize>,
    /// Of each message its row, its time if that can be read, and the place of what it is from.
    messages: Vec<(i64, Option<Timestamp>, usize)>,
    deleted: usize,
}

impl Noted {
    fn take(&mut self, number: i64, values: Vec<Value>) {
        let Ok([author, to, room, time, deleted]) = <[Value; 5]>::try_from(values) else {
            return;
        };
        if deleted.holds() {
            self.deleted += 1;
            return;
        }
        let from = [author, to, room].map(|value| value.text());
        let place = self.places.get(&from).copied().unwrap_or_else(|| {
            self.places.insert(from.clone(), self.origins.len());
            self.origins.push(from);
            self.origins.len() - 1
        });
        self.messages.push((number, times::time(&time), place));
    }
}

impl Flask<'_> {
    /// Brings all that was said; `tell` hears of each room that is done.
    pub(super) async fn bring_messages(
        &mut self,
        tell: &mut (dyn FnMut(&str) + Send),
    ) -> Result<(), ImportError> {
        let Some(message) = self.schema.message.clone() else {
            return Ok(());
        };
        let mut rooms = self.rooms().await?;
        let mut heard = self.look(&message, &rooms).await?;
        for place in rooms.places() {
            heard.entry(place).or_default();
        }
        for (place, mut heard) in heard {
            heard.rows.sort_unstable();
            let before = self.import.report.rooms;
            let described = self.described(&mut rooms, &place, &heard.speakers).await?;
            let Some(target) = self.import.bring_room(&described).await? else {
                continue;
            };
            let added = self
                .bring_place(&message, &described, target, &heard.rows)
                .await?;
            if added > 0 || self.import.report.rooms > before {
                let kind = match described.kind {
                    RoomKind::Public => "public",
                    RoomKind::Private => "private",
                    RoomKind::Direct => "direct",
                };
                let line = report::room_line(&format!("{} ({kind})", described.shown), added);
                tell(&line);
                self.import.report.rooms_told.push(line);
            }
        }
        Ok(())
    }

    /// Notes where and when everything was said.
    async fn look(
        &mut self,
        message: &Mapped,
        rooms: &Rooms,
    ) -> Result<BTreeMap<Place, Heard>, ImportError> {
        let mapped = message.clone();
        let read = move |tables: &Tables| {
            let mut noted = Noted::default();
            let mut each = |(number, values): Row| {
                noted.take(number, values);
                true
            };
            let fields = ["author", "to", "room", "time", "deleted"];
            tables.each(&mapped.table, &mapped.columns(fields), &mut each)?;
            Ok(noted)
        };
        let noted = self.read(read).await?;
        self.import.report.deleted += noted.deleted;
        let column = |field| message.column(field).unwrap_or_default();
        let mut origins = Vec::new();
        for [author, to, room] in &noted.origins {
            let who = |named: &Option<String>, field| {
                let named = named.as_deref()?;
                Some(self.who(named, column(field)))
            };
            origins.push(who(author, "author").map(|author| {
                let place = match (who(to, "to"), room) {
                    (Some(to), _) if to < author => Place::Direct(to, author.clone()),
                    (Some(to), _) => Place::Direct(author.clone(), to),
                    (None, Some(room)) => rooms.named(room),
                    (None, None) => Place::Everybody,
                };
                (author, place)
            }));
        }
        let mut all: BTreeMap<Place, Heard> = BTreeMap::new();
        let mut last = Timestamp(0);
        for (number, at, from) in noted.messages {
            let Some((author, place)) = &origins[from] else {
                self.import.report.notices += 1;
                continue;
            };
            self.import.report.timeless += usize::from(at.is_none());
            last = at.unwrap_or(last);
            if !all.contains_key(place) {
                all.insert(place.clone(), Heard::default());
            }
            if let Some(heard) = all.get_mut(place) {
                heard.rows.push((last, number));
                if !heard.speakers.contains(author) {
                    heard.speakers.insert(author.clone());
                }
            }
        }
        Ok(all)
    }

    /// Brings what was said in one place; answers how many messages are new.
    async fn bring_place(
        &mut self,
        message: &Mapped,
        described: &Described,
        mut target: Target,
        rows: &[(Timestamp, i64)],
    ) -> Result<usize, ImportError> {
        let mut added = 0;
        for batch in rows.chunks(BATCH) {
            let mapped = message.clone();
            let numbers: Vec<_> = batch.iter().map(|(_, number)| *number).collect();
            let read = move |tables: &Tables| {
                let columns = mapped.columns(["id", "author", "text"]);
                tables.rows(&mapped.table, &columns, &numbers)
            };
            let found = self.read(read).await?;
            added += self
                .bring_batch(message, described, &mut target, (batch, found))
                .await?;
        }
        Ok(added)
    }

    async fn bring_batch(
        &mut self,
        message: &Mapped,
        described: &Described,
        target: &mut Target,
        (batch, found): (&[(Timestamp, i64)], Vec<Row>),
    ) -> Result<usize, ImportError> {
        let key = |(number, values): &Row| {
            let id = values[0].text().unwrap_or_else(|| number.to_string());
            format!("{}:{id}", message.table.name)
        };
        let keys = found.iter().map(key).collect();
        let known = self.import.known(target, keys).await?;
        let column = message.column("author").unwrap_or_default();
        let mut new = Vec::new();
        for ((at, _), row) in batch.iter().zip(&found) {
            let key = key(row);
            let author = row.1[1].text().filter(|_| !known.contains(&key));
            let Some(author) = author.map(|author| self.who(&author, column)) else {
                continue;
            };
            let mut said = text::plain(&row.1[2].text().unwrap_or_default());
            if said.is_empty() {
                self.import.report.notices += 1;
                continue;
            }
            if text::cut(&mut said) {
                let shown = &described.shown;
                self.import
                    .report
                    .warn(format!("{shown}: {key} is very long: its end is cut"));
            }
            let now = self.import.ctx.now();
            // Where no time is known, now is the only one that there is.
            let at = if at.0 == 0 { now } else { now.min(*at) };
            self.import.make_way(described, target, (at, &key)).await?;
            let ready = ImportedMessage {
                author: self.somebody(&author).await?,
                html: self.html(&said).await,
                text: said,
                mentioned: Mentioned::default(),
                created_at: target.after_all(at),
                edited_at: None,
                pinned_at: None,
                deleted: false,
                thread: None,
                reactions: Vec::new(),
                attachments: Vec::new(),
                key,
            };
            target.took(&ready);
            new.push(ready);
        }
        self.import.keep_messages(target, new).await
    }

    async fn html(&self, said: &str) -> String {
        if self.import.how.dry {
            return String::new();
        }
        render::message(self.import.ctx, said, Vec::new()).await
    }
}
