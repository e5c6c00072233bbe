//! Finding models on the Hub: the question, a page of answers, and the link to the next (hf-api 1.4).

use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use url::Url;

use super::{Mapping, count, mapping, string};
use crate::address;
use crate::providers::mapping_name;
use crate::wire::Head;

/// What a list can be sorted by; the largest comes first.
pub const SORTS: [&str; 5] = ["trendingScore", "downloads", "likes", "createdAt", "lastModified"];

/// What is asked for each model of a list.
const HIT_FIELDS: [&str; 8] = [
    "inferenceProviderMapping",
    "gated",
    "pipeline_tag",
    "library_name",
    "likes",
    "downloads",
    "trendingScore",
    "lastModified",
];

/// Which models to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ModelQuery {
    /// Only models for this task (`text_to_image`); empty for all.
    pub task: String,
    /// Words in the name; empty for all.
    pub search: String,
    /// One user or organisation; empty for all.
    pub author: String,
    /// Served by this provider, or by several with commas between; `all` for any; empty: served or not.
    pub provider: String,
    /// One of `SORTS`; empty for `trendingScore`.
    pub sort: String,
    /// Models on a page, 1 to 1,000; `None` for 50.
    pub limit: Option<u32>,
}

/// A model in a list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ModelHit {
    /// `org/name`.
    pub id: String,
    /// The Hub's own task name: `text-to-image`, …
    pub pipeline_tag: Option<String>,
    /// `transformers`, `diffusers`, …
    pub library: Option<String>,
    /// Its terms must be accepted first: `auto` at once, `manual` by its owner.
    pub gated: Option<String>,
    /// Likes.
    #[ts(type = "number")]
    pub likes: u64,
    /// Downloads of the last month.
    #[ts(type = "number")]
    pub downloads: u64,
    /// When it was changed last, as the Hub writes it.
    pub last_modified: Option<String>,
    /// Who serves it.
    pub mapping: Vec<Mapping>,
}

/// A page of models.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelPage {
    /// The models, in order.
    pub models: Vec<ModelHit>,
    /// Where the next page is; `None` on the last.
    pub next: Option<String>,
}

/// The address of a query's first page.
///
/// # Errors
/// `input` for an unknown task or order.
pub(crate) fn list_url(hub: &Url, query: &ModelQuery) -> Result<Url> {
    let sort = Some(query.sort.as_str()).filter(|sort| !sort.is_empty()).unwrap_or(SORTS[0]);
    if !SORTS.contains(&sort) {
        let message = format!("Models cannot be sorted by {sort}: choose one of {}.", SORTS.join(", "));
        return Err(Error::new(ErrorCode::Input, message));
    }
    let mut url = address::join(hub, "/api/models");
    {
        let mut pairs = url.query_pairs_mut();
        pairs.clear();
        if let Some((name, value)) = task_filter(&query.task)? {
            pairs.append_pair(name, value);
        }
        for (name, value) in
            [("inference_provider", &query.provider), ("author", &query.author), ("search", &query.search)]
        {
            if !value.trim().is_empty() {
                pairs.append_pair(name, value.trim());
            }
        }
        pairs.append_pair("sort", sort);
        pairs.append_pair("limit", &query.limit.unwrap_or(50).clamp(1, 1_000).to_string());
        pairs.extend_pairs(HIT_FIELDS.iter().map(|field| ("expand[]", field)));
    }
    Ok(url)
}

/// Chat models bear different pipeline tags, and the tag `conversational` all of them; those that see pictures have
/// one of their own.
fn task_filter(task: &str) -> Result<Option<(&'static str, &'static str)>> {
    if task.is_empty() {
        return Ok(None);
    }
    if task == "image_text_to_text" {
        return Ok(Some(("pipeline_tag", "image-text-to-text")));
    }
    let name = mapping_name(task)
        .ok_or_else(|| Error::new(ErrorCode::Input, format!("There is no task {task}: choose another.")))?;
    Ok(Some((if name == "conversational" { "filter" } else { "pipeline_tag" }, name)))
}

/// Whether this is the address of a list of models on this Hub, such as a page's `next`.
pub(crate) fn is_list(hub: &Url, url: &Url) -> bool {
    let wanted = address::join(hub, "/api/models");
    url.origin() == hub.origin()
        && url.path() == wanted.path()
        && url.username().is_empty()
        && url.password().is_none()
}

/// Reads a list; rows that cannot be read are left out.
pub(crate) fn hits(value: &Value) -> Result<Vec<ModelHit>> {
    let rows = value.as_array().ok_or_else(|| super::unknown("which models there are"))?;
    Ok(rows.iter().filter_map(hit).collect())
}

fn hit(row: &Value) -> Option<ModelHit> {
    Some(ModelHit {
        id: string(row, "/id").or_else(|| string(row, "/modelId"))?,
        pipeline_tag: string(row, "/pipeline_tag"),
        library: string(row, "/library_name"),
        gated: gated(row),
        likes: count(row, "/likes").unwrap_or_default(),
        downloads: count(row, "/downloads").unwrap_or_default(),
        last_modified: string(row, "/lastModified"),
        mapping: mapping(row),
    })
}

/// `false`, `"auto"`, `"manual"`; `true` in older answers.
pub(super) fn gated(row: &Value) -> Option<String> {
    match row.get("gated")? {
        Value::String(how) => Some(how.clone()),
        Value::Bool(true) => Some("auto".into()),
        _ => None,
    }
}

/// The next page, from the `Link` header; a link that leads away from the Hub is none.
pub(crate) fn next_link(head: &Head, hub: &Url) -> Option<Url> {
    let header = head.header("link")?;
    links(header).into_iter().find_map(|(target, relation)| {
        let is_next = relation.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next"));
        hub.join(target).ok().filter(|url| is_next && is_list(hub, url))
    })
}

/// Targets and relations of a `Link` header (RFC 8288). Commas and semicolons inside `<…>` part nothing.
fn links(header: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((target, after)) = after.split_once('>') else { break };
        let parameters = after.split('<').next().unwrap_or_default();
        let relation = parameters.split([';', ',']).find_map(|part| part.trim().strip_prefix("rel="));
        found.push((target, relation.unwrap_or_default().trim().trim_matches('"')));
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn hub() -> Url {
        Url::parse("https://huggingface.co").unwrap()
    }

    #[test]
    fn a_query_becomes_the_hubs_own_words() {
        let query = ModelQuery {
            task: "text_generation".into(),
            search: "tiny & fast".into(),
            provider: "all".into(),
            limit: Some(9_999),
            ..ModelQuery::default()
        };
        let url = list_url(&hub(), &query).unwrap();
        let start = "https://huggingface.co/api/models?pipeline_tag=text-generation&inference_provider=all\
                     &search=tiny+%26+fast&sort=trendingScore&limit=1000&expand%5B%5D=inferenceProviderMapping";
        assert!(url.as_str().starts_with(start), "{url}");
        let chat = ModelQuery { task: "chat_completion".into(), ..ModelQuery::default() };
        assert!(list_url(&hub(), &chat).unwrap().as_str().contains("?filter=conversational&sort="));
        for task in [
            "image_text_to_text",
            "image_to_text",
            "visual_question_answering",
            "image_classification",
            "zero_shot_image_classification",
            "object_detection",
            "text_classification",
            "token_classification",
            "zero_shot_classification",
        ] {
            let url = list_url(&hub(), &ModelQuery { task: task.into(), ..ModelQuery::default() }).unwrap();
            let tag = format!("?pipeline_tag={}&sort=", task.replace('_', "-"));
            assert!(url.as_str().contains(&tag), "{url}");
        }
        for bad in [
            ModelQuery { task: "dance".into(), ..ModelQuery::default() },
            ModelQuery { sort: "beauty".into(), ..ModelQuery::default() },
        ] {
            assert_eq!(list_url(&hub(), &bad).unwrap_err().code, ErrorCode::Input);
        }
    }

    #[test]
    fn the_next_page_is_on_the_hub_or_nowhere() {
        for (header, want) in [
            ("<https://huggingface.co/api/models?cursor=a,b;c>; rel=\"next\"", Some("cursor=a,b;c")),
            ("<https://huggingface.co/api/models?x=1>; rel=prev, </api/models?x=2>; rel=next", Some("x=2")),
            ("<https://huggingface.co/api/models?y>; title=\"a\"; rel=\"last next\"", Some("y")),
            ("<https://evil.test/api/models?cursor=a>; rel=\"next\"", None),
            ("<//evil.test/api/models>; rel=\"next\"", None),
            ("<http://huggingface.co/api/models>; rel=\"next\"", None),
            ("<https://a@huggingface.co/api/models>; rel=\"next\"", None),
            ("<https://huggingface.co/api/whoami-v2>; rel=\"next\"", None),
            ("<https://huggingface.co/api/models>; rel=\"prev\"", None),
            ("<https://huggingface.co/api/models", None),
            ("", None),
        ] {
            let mut head = Head::default();
            head.headers.insert("link", header.parse().unwrap());
            let found = next_link(&head, &hub());
            assert_eq!(found.as_ref().and_then(Url::query), want, "{header}");
        }
    }

    #[test]
    fn rows_of_every_age_are_read() {
        let rows = json!([
            {"id": "a/b", "gated": "manual", "likes": 3, "pipeline_tag": "text-to-image"},
            {"modelId": "a/c", "gated": true}, {"id": "a/d", "gated": false}, {"id": 7}, null,
        ]);
        let found = hits(&rows).unwrap();
        let gates: Vec<_> = found.iter().map(|hit| (hit.id.as_str(), hit.gated.as_deref())).collect();
        assert_eq!(gates, [("a/b", Some("manual")), ("a/c", Some("auto")), ("a/d", None)]);
        assert_eq!(hits(&json!({"error": "x"})).unwrap_err().code, ErrorCode::Format);
    }
}
