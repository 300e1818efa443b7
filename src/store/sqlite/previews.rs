//! The pages that messages link to in SQLite. How often each is shown is counted by triggers, which also doom its picture.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, changes, messages,
    rows::{Columns, all, execute, one, value},
};
use crate::{
    model::{
        KnownPage, LinkPage, LinkPageId, Linked, Message, MessageChange, MessageId, NewLinkPage,
        PageImage, Preview, Timestamp,
    },
    store::{Previews, Result, StoreError},
};

/// How many pages are deleted at once, so that nobody's message waits long for the writer.
const SWEPT_AT_ONCE: i64 = 500;

pub(super) const KNOWN: &str = "SELECT id, title IS NOT NULL FROM link_pages \
    WHERE url = :url AND expires_at > :now ORDER BY expires_at DESC LIMIT 1";

const INSERT: &str = "INSERT INTO link_pages \
    (url, title, description, site, image, width, height, expires_at) \
    VALUES (:url, :title, :description, :site, :image, :width, :height, :expires_at) RETURNING id";

pub(super) const OF_MESSAGE: &str = "SELECT v.url, p.title, p.description, p.site, p.image, p.width, p.height \
    FROM previews v JOIN link_pages p ON p.id = v.page_id WHERE v.message_id = :message ORDER BY v.place";

pub(super) const PAGES: &str =
    "SELECT url, page_id FROM previews WHERE message_id = :message ORDER BY place";

/// A page that is gone by now, has nothing to show, or was taken away is not shown.
pub(super) const SHOW: &str = "INSERT INTO previews (message_id, place, url, page_id) \
    SELECT :message, :place, :url, id FROM link_pages WHERE id = :page AND title IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM hidden_previews WHERE message_id = :message AND url = :url)";

pub(super) const CLEAR: &str = "DELETE FROM previews WHERE message_id = :message";

pub(super) const HIDE: &str = "INSERT OR IGNORE INTO hidden_previews (message_id, url) \
    SELECT message_id, url FROM previews WHERE message_id = :message";

pub(super) const SWEEP: &str = "DELETE FROM link_pages WHERE id IN \
    (SELECT id FROM link_pages WHERE uses = 0 AND expires_at <= :now LIMIT :limit)";

#[async_trait]
impl Previews for SqliteStore {
    async fn link_page(&self, url: &str, now: Timestamp) -> Result<Option<KnownPage>> {
        let url = url.to_owned();
        self.read(move |connection| {
            let values = named_params! { ":url": url, ":now": now.0 };
            Ok(one(connection, KNOWN, values, |row| {
                Ok(KnownPage {
                    id: LinkPageId(row.take()?),
                    shows: row.take()?,
                })
            })?)
        })
        .await
    }

    async fn add_link_page(&self, new: NewLinkPage) -> Result<LinkPageId> {
        self.write(move |transaction| add(transaction.connection, &new))
            .await
    }

    async fn show_previews(
        &self,
        message: MessageId,
        text: String,
        links: Vec<Linked>,
    ) -> Result<()> {
        self.write(move |transaction| show(transaction, message, &text, &links))
            .await
    }

    async fn sweep_link_pages(&self, now: Timestamp) -> Result<usize> {
        self.write(move |transaction| {
            let values = named_params! { ":now": now.0, ":limit": SWEPT_AT_ONCE };
            Ok(execute(transaction.connection, SWEEP, values)?)
        })
        .await
    }
}

fn add(connection: &Connection, new: &NewLinkPage) -> Result<LinkPageId> {
    let page = new.page.as_ref();
    let image = page.and_then(|page| page.image.as_ref());
    let values = named_params! {
        ":url": new.url, ":title": page.map(|page| page.title.as_str()),
        ":description": page.and_then(|page| page.description.as_deref()),
        ":site": page.and_then(|page| page.site.as_deref()),
        ":image": image.map(|image| image.id.as_str()), ":width": image.map(|image| image.width),
        ":height": image.map(|image| image.height), ":expires_at": new.expires_at.0,
    };
    let id: Option<i64> = one(connection, INSERT, values, value)?;
    id.map(LinkPageId).ok_or(StoreError::NotFound("page"))
}

fn show(
    transaction: &mut Transaction<'_>,
    message: MessageId,
    text: &str,
    links: &[Linked],
) -> Result<()> {
    let connection = transaction.connection;
    let Some(message) = messages::by_id(connection, message)? else {
        return Ok(());
    };
    if message.deleted || message.text != text {
        return Ok(());
    }
    let before = shown(connection, message.id)?;
    let wanted = links.iter().filter_map(|link| {
        let new = link.page;
        let kept = before.iter().find(|(url, _)| *url == link.url);
        let page = new.or(kept.map(|(_, page)| *page))?;
        Some((link.url.clone(), page))
    });
    put(connection, message.id, &wanted.collect::<Vec<_>>())?;
    if shown(connection, message.id)? != before {
        changes::number(transaction, &message, MessageChange::Preview)?;
    }
    Ok(())
}

/// Which pages are shown under a message, by its links.
fn shown(connection: &Connection, message: MessageId) -> Result<Vec<(String, LinkPageId)>> {
    let values = named_params! { ":message": message.0 };
    Ok(all(connection, PAGES, values, |row| {
        Ok((row.take()?, LinkPageId(row.take()?)))
    })?)
}

fn put(connection: &Connection, message: MessageId, pages: &[(String, LinkPageId)]) -> Result<()> {
    execute(connection, CLEAR, named_params! { ":message": message.0 })?;
    for (place, (url, page)) in (0_i64..).zip(pages) {
        let values =
            named_params! { ":message": message.0, ":place": place, ":url": url, ":page": page.0 };
        execute(connection, SHOW, values)?;
    }
    Ok(())
}

/// Takes away what is shown of pages to which a message does not link any more.
pub(super) fn keep(connection: &Connection, message: &Message, links: &[String]) -> Result<()> {
    let gone = |preview: &Preview| !links.contains(&preview.url);
    if message.previews.iter().any(gone) {
        let mut pages = shown(connection, message.id)?;
        pages.retain(|(url, _)| links.contains(url));
        put(connection, message.id, &pages)?;
    }
    Ok(())
}

/// Takes away what is shown under a message, for good; answers whether there was anything.
pub(super) fn hide(connection: &Connection, message: &Message) -> Result<bool> {
    let values = named_params! { ":message": message.id.0 };
    execute(connection, HIDE, values)?;
    Ok(execute(connection, CLEAR, values)? > 0)
}

/// What is shown under a message, in its order.
pub(super) fn of_message(
    connection: &Connection,
    message: MessageId,
) -> rusqlite::Result<Vec<Preview>> {
    let values = named_params! { ":message": message.0 };
    all(connection, OF_MESSAGE, values, preview)
}

fn preview(row: &mut Columns<'_>) -> rusqlite::Result<Preview> {
    Ok(Preview {
        url: row.take()?,
        page: LinkPage {
            title: row.take()?,
            description: row.take()?,
            site: row.take()?,
            image: {
                let id: Option<String> = row.take()?;
                let width: Option<u32> = row.take()?;
                let height: Option<u32> = row.take()?;
                id.zip(width)
                    .zip(height)
                    .map(|((id, width), height)| PageImage { id, width, height })
            },
        },
    })
}
