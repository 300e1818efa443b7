//! Files that come with messages, as clients see them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model;

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attachment {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub url: String,
    /// What its sender called it.
    pub name: String,
    /// Its media type, by content.
    #[serde(rename = "type")]
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// Of a picture: in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Of a picture: in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Of a picture: where a smaller one is, 360 pixels at its longest side, which does not move. With `size=1200` in
    /// the place of `size=360` there is a larger one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
}

impl From<&model::Attachment> for Attachment {
    fn from(attachment: &model::Attachment) -> Self {
        let url = format!("/uploads/{}", attachment.id);
        let look = attachment.look.as_ref();
        Self {
            id: attachment.id.as_str().to_owned(),
            name: attachment.name.as_str().to_owned(),
            media_type: attachment.media_type.clone(),
            size: attachment.size,
            width: look.map(|look| look.width),
            height: look.map(|look| look.height),
            thumbnail: look.map(|_| format!("{url}?size=360")),
            url,
        }
    }
}
