//! What was said. A first look notes where and when; then each room's messages are brought in the order of their times.

use std::collections::{BTreeMap, BTreeSet};

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

/// What the first look needs of a message.
struct Noted {
    number: i64,
    author: Value,
    to: Value,
    room: Value,
    at: Option<Timestamp>,
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
            let (mut noted, mut deleted) = (Vec::new(), 0);
            let mut each = |(number, values): Row| {
                match <[Value; 5]>::try_from(values) {
                    Ok([_, _, _, _, gone]) if gone.holds() => deleted += 1,
                    Ok([author, to, room, time, _]) => noted.push(Noted {
                        number,
                        author,
                        to,
                        room,
                        at: times::time(&time),
                    }),
                    Err(_) => {}
                }
                true
            };
            let fields = ["author", "to", "room", "time", "deleted"];
            tables.each(&mapped.table, &mapped.columns(fields), &mut each)?;
            Ok((noted, deleted))
        };
        let (noted, deleted) = self.read(read).await?;
        self.import.report.deleted += deleted;
        let column = |field| message.column(field).unwrap_or_default();
        let mut all: BTreeMap<Place, Heard> = BTreeMap::new();
        let mut last = Timestamp(0);
        for noted in noted {
            let Some(author) = self.who(&noted.author, column("author")) else {
                self.import.report.notices += 1;
                continue;
            };
            let place = match self.who(&noted.to, column("to")) {
                Some(to) if to < author => Place::Direct(to, author.clone()),
                Some(to) => Place::Direct(author.clone(), to),
                None => rooms.named(&noted.room).unwrap_or(Place::Everybody),
            };
            if noted.at.is_none() {
                self.import.report.timeless += 1;
            }
            last = noted.at.unwrap_or(last);
            let heard = all.entry(place).or_default();
            heard.rows.push((last, noted.number));
            heard.speakers.insert(author);
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
            let Some(author) = self
                .who(&row.1[1], column)
                .filter(|_| !known.contains(&key))
            else {
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
