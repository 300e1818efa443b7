//! Link previews: what a page says of itself, under the messages that link to it.
//!
//! Asked for after the message is kept, beside all requests: a full queue, a slow page or one that may not be reached
//! costs the preview and nothing else. What is still in the queue when the server stops gets none.

mod head;

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::{StreamExt, future::join_all, stream::FuturesUnordered};
use moka::sync::Cache;
use tokio::{
    sync::{Mutex, mpsc},
    time::{Instant, timeout_at},
};

use self::head::Head;
use super::{Context, render};
use crate::{
    base::Blocking,
    error::{Error, Result},
    media::{blobs::Draft, picture},
    model::{LinkPage, LinkPageId, Linked, Message, NewLinkPage, PageImage, UploadId},
    outgoing::{Fetched, Outgoing},
    secrets::random,
    store::StoreError,
};

/// Of how many links of a message something is shown; of more, nothing is asked.
const LINKS: usize = 3;

/// How many messages may wait for their previews; the next ones get none.
const WAITING: usize = 256;

/// How many messages are worked on at once, each with its few links.
const AT_ONCE: usize = 4;

/// How many pages are read at once.
const READ_AT_ONCE: usize = 2;

/// How long a page and its picture may take altogether.
const WITHIN: Duration = Duration::from_secs(3);

/// How much of a page is read, and how large its picture may be, in bytes.
const MOST: usize = 512 << 10;

/// How long a page is not asked for again.
const KEPT: Duration = Duration::from_hours(24);

/// The same, where there was nothing to show: it may have been a hiccup.
const KEPT_NOTHING: Duration = Duration::from_mins(10);

/// The longest address that is asked for, in bytes.
const ADDRESS: usize = 2000;

/// The most characters of what is shown.
const TITLE: usize = 200;
const DESCRIPTION: usize = 300;
const SITE: usize = 80;

/// The name under which a page's picture is kept: none that an upload's file has, so that neither is handed out as the
/// other.
const PICTURE: &str = "preview";

/// Of which pages something can be shown.
const PAGES: &str = "text/html,application/xhtml+xml;q=0.9,image/*;q=0.8";
const PICTURES: &str = "image/webp,image/png,image/jpeg,image/gif";

/// Where messages ask for their previews.
#[derive(Debug, Clone)]
pub struct Previews {
    outgoing: Outgoing,
    /// `None` where the owner of the server wants none.
    queue: Option<mpsc::Sender<Asked>>,
    reading: Blocking,
}

/// The messages that wait for their previews.
#[derive(Debug)]
pub struct Queue(mpsc::Receiver<Asked>);

/// A message with links.
#[derive(Debug)]
struct Asked {
    message: Arc<Message>,
    links: Vec<String>,
}

impl Previews {
    /// A place to ask, and the queue for [`show`].
    #[must_use]
    pub fn new(outgoing: Outgoing, on: bool) -> (Self, Queue) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let previews = Self {
            outgoing,
            queue: on.then_some(sender),
            reading: Blocking::new(READ_AT_ONCE),
        };
        (previews, Queue(receiver))
    }

    /// The addresses that a text links to, each once, as far as they are looked at.
    pub(super) fn links(&self, text: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for link in render::links(text) {
            let Ok(url) = self.outgoing.address(&link) else {
                continue;
            };
            let url = String::from(url);
            if url.len() <= ADDRESS && !found.contains(&url) {
                found.push(url);
            }
            if found.len() == LINKS {
                break;
            }
        }
        found
    }

    /// Asks for the previews of a message that was just kept or edited.
    pub(super) fn ask(&self, message: &Arc<Message>) {
        let Some(queue) = &self.queue else { return };
        let links = self.links(&message.text);
        let shown = |link: &String| message.previews.iter().any(|shown| shown.url == *link);
        if links.iter().all(shown) {
            return;
        }
        let message = Arc::clone(message);
        if queue.try_send(Asked { message, links }).is_err() {
            tracing::info!("too many messages wait for link previews; the newest get none");
        }
    }
}

/// Shows previews under the messages that ask for them, for ever.
pub async fn show(ctx: &Context, mut queue: Queue) {
    // Whose turn it is to ask for a page: whoever waits finds it in the store after that.
    let turns: Turns = Cache::builder()
        .max_capacity(4 * (AT_ONCE * LINKS) as u64)
        .build();
    let mut under_way = FuturesUnordered::new();
    loop {
        tokio::select! {
            Some(asked) = queue.0.recv(), if under_way.len() < AT_ONCE => {
                under_way.push(answer(ctx, &turns, asked));
            }
            Some(()) = under_way.next() => {}
            else => return,
        }
    }
}

type Turns = Cache<String, Arc<Mutex<()>>>;

async fn answer(ctx: &Context, turns: &Turns, Asked { message, links }: Asked) {
    let pages = join_all(links.iter().map(|link| page(ctx, turns, link))).await;
    let linked = links.into_iter().zip(pages);
    let linked: Vec<_> = linked.map(|(url, page)| Linked { url, page }).collect();
    if linked.iter().all(|linked| linked.page.is_none()) {
        return;
    }
    let shown = ctx
        .store
        .show_previews(message.id, message.text.clone(), linked);
    if let Err(error) = shown.await {
        tracing::error!(error = %error, "link previews could not be kept");
    }
}

/// The page at an address, if there is anything to show of it: as it was not long ago, or as it is now.
async fn page(ctx: &Context, turns: &Turns, link: &str) -> Option<LinkPageId> {
    // Where in the page a link leads does not change what the page says.
    let url = link.split('#').next().unwrap_or(link);
    let turn = turns.get_with(url.to_owned(), Arc::default);
    let _mine = turn.lock().await;
    let found = match ctx.store.link_page(url, ctx.now()).await {
        Ok(Some(known)) => return known.shows.then_some(known.id),
        Ok(None) => fetch(ctx, url).await,
        Err(error) => {
            tracing::error!(error = %error, "a linked page could not be looked up");
            return None;
        }
    };
    let shows = found.is_some();
    let kept = keep(ctx, url, found).await;
    kept.inspect_err(
        |error| tracing::error!(error = %error.chain(), "a linked page could not be kept"),
    )
    .ok()
    .filter(|_| shows)
}

/// What a page says, and its picture, a small file.
type Found = (LinkPage, Option<picture::Small>);

/// Asks a page, and for its picture; one without a title has nothing to show.
async fn fetch(ctx: &Context, url: &str) -> Option<Found> {
    let (previews, until) = (&ctx.previews, Instant::now() + WITHIN);
    let fetched = timeout_at(until, previews.outgoing.get(url, PAGES, MOST)).await;
    let fetched = fetched.ok()?;
    let fetched = fetched
        .inspect_err(|error| tracing::debug!(error = %error, "a linked page was not fetched"))
        .ok()
        .filter(|fetched| !is_login(url, fetched))?;
    let (page, picture) = if is_a(&fetched, &["text/html", "application/xhtml+xml"]) {
        let base = fetched.url.clone();
        let read = move || head::read(&fetched.body, &fetched.media_type);
        let head = previews.reading.run(read).await;
        let picture = head.image.as_deref();
        let picture = picture.and_then(|address| base.join(address.trim()).ok());
        let page = told(head)?;
        let bytes = match picture {
            Some(url) => {
                let fetching = previews.outgoing.get(url.as_str(), PICTURES, MOST);
                timeout_at(until, fetching).await.ok().and_then(Result::ok)
            }
            None => None,
        };
        (page, bytes)
    } else if is_a(&fetched, &["image/"]) {
        let name = fetched.url.path_segments()?.next_back()?;
        (named(name)?, Some(fetched))
    } else {
        return None;
    };
    let picture = picture.filter(|fetched| fetched.whole);
    let pixels = ctx.settings.limits.photo_pixels;
    let picture = match picture {
        Some(fetched) => {
            ctx.pictures
                .run(move || picture::small(&fetched.body, pixels))
                .await
        }
        None => None,
    };
    Some((page, picture))
}

fn is_a(fetched: &Fetched, kinds: &[&str]) -> bool {
    let kind = fetched.media_type.to_ascii_lowercase();
    kinds.iter().any(|known| kind.starts_with(known))
}

/// Whether a link leads to a page to log in on: that says nothing of what is behind it.
fn is_login(url: &str, fetched: &Fetched) -> bool {
    let last = fetched.url.path_segments().and_then(Iterator::last);
    let known = ["login", "log-in", "signin", "sign-in", "sign_in"];
    fetched.url.as_str() != url && last.is_some_and(|last| known.contains(&last))
}

/// What is shown of a page.
fn told(head: Head) -> Option<LinkPage> {
    let short = |text: Option<String>, most| tidy(&text?, most);
    let page = LinkPage {
        title: short(head.title, TITLE)?,
        description: short(head.description, DESCRIPTION),
        site: short(head.site, SITE),
        image: None,
    };
    Some(page)
}

/// A picture that is linked to goes by its file's name.
fn named(name: &str) -> Option<LinkPage> {
    let title = tidy(name, TITLE)?;
    Some(LinkPage {
        title,
        description: None,
        site: None,
        image: None,
    })
}

/// A text in one line of `most` characters, without those that show nothing or turn the line around; `None` where nothing
/// is left.
fn tidy(text: &str, most: usize) -> Option<String> {
    let hidden = |c: &char| matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
    let seen = |c: &char| !hidden(c) && (!c.is_control() || c.is_whitespace());
    let text: String = text.chars().filter(seen).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = match text.char_indices().nth(most) {
        Some(_) => {
            let kept: String = text.chars().take(most - 1).collect();
            format!("{}…", kept.trim_end())
        }
        None => text,
    };
    Some(cut).filter(|text| !text.is_empty())
}

/// Keeps what a page says, with its picture.
async fn keep(ctx: &Context, url: &str, found: Option<Found>) -> Result<LinkPageId> {
    let (page, draft) = match found {
        Some((mut page, picture)) => {
            let kept = match picture {
                Some(picture) => Some(write(ctx, picture).await?),
                None => None,
            };
            let (image, draft) = kept.unzip();
            page.image = image;
            (Some(page), draft)
        }
        None => (None, None),
    };
    let lifetime = if page.is_some() { KEPT } else { KEPT_NOTHING };
    let new = NewLinkPage {
        url: url.to_owned(),
        page,
        expires_at: ctx.now().plus(lifetime),
    };
    let id = ctx.store.add_link_page(new).await?;
    // Known before it has its name: whatever happens in between, the list of pages leads to the file.
    if let Some(draft) = draft {
        let named = ctx.disk.run(move || draft.keep()).await;
        named.map_err(Error::unavailable)?;
    }
    Ok(id)
}

/// Writes a picture to disk, under a name that is not its own yet.
async fn write(ctx: &Context, picture: picture::Small) -> Result<(PageImage, Draft)> {
    let image = PageImage {
        id: URL_SAFE_NO_PAD.encode(random::<{ UploadId::BYTES }>()),
        width: picture.width,
        height: picture.height,
    };
    let (blobs, id) = (Arc::clone(&ctx.blobs), image.id.clone());
    let written = ctx.disk.run(move || {
        let mut draft = blobs.draft(&id)?;
        draft.write(PICTURE, &picture.file)?;
        draft.synced()
    });
    let draft = written.await.map_err(Error::unavailable)?;
    Ok((image, draft))
}

/// A page's picture. Its name cannot be guessed, and stands in messages alone.
///
/// # Errors
/// `not_found`.
pub async fn picture(ctx: &Context, id: &str) -> Result<Vec<u8>> {
    let (blobs, id) = (Arc::clone(&ctx.blobs), id.to_owned());
    let found = ctx.disk.run(move || blobs.get(&id, PICTURE)).await;
    found
        .map_err(Error::unavailable)?
        .ok_or_else(|| Error::not_found("picture"))
}

/// Deletes pages that no message shows any more, and that would be asked for again.
///
/// # Errors
/// When the store fails.
pub async fn sweep(ctx: &Context) -> Result<(), StoreError> {
    while ctx.store.sweep_link_pages(ctx.now()).await? > 0 {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_one_short_line() {
        assert_eq!(tidy(" a\n\t b\0 ", 9).as_deref(), Some("a b"));
        assert_eq!(tidy("abcdef", 4).as_deref(), Some("abc…"));
        assert_eq!(tidy("abcd", 4).as_deref(), Some("abcd"));
        assert_eq!(tidy("a\u{202E}b", 4).as_deref(), Some("ab"));
        assert_eq!(tidy(" \u{200B} ", 4), None);
    }
}
