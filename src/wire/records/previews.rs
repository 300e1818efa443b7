//! Pages that messages link to, as clients see them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model;

/// What a page that a message links to says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Preview {
    /// Its address, of the web.
    pub url: String,
    /// What it is called: plain text.
    pub title: String,
    /// What it is about: plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Of which site it is a part: plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Where this server has a small picture of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Of that picture: in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Of that picture: in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

impl Preview {
    /// All of a message's, if there are any.
    #[must_use]
    pub fn all_of(previews: &[model::Preview]) -> Option<Vec<Self>> {
        let all: Vec<_> = previews.iter().map(Self::from).collect();
        Some(all).filter(|all| !all.is_empty())
    }
}

impl From<&model::Preview> for Preview {
    fn from(model::Preview { url, page }: &model::Preview) -> Self {
        let image = page.image.as_ref();
        Self {
            url: url.clone(),
            title: page.title.clone(),
            description: page.description.clone(),
            site: page.site.clone(),
            image: image.map(|image| format!("/previews/{}", image.id)),
            width: image.map(|image| image.width),
            height: image.map(|image| image.height),
        }
    }
}
