//! From what a person types to where a Space is: an id, its page on the Hub, or its own address.

use limerick_tasks::Result;
use serde_json::Value;
use url::Url;

use crate::address;

/// Where a Space is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Place {
    /// `owner/name` on the Hub.
    Id(String),
    /// An address of its own.
    Url(Url),
}

/// Reads `owner/name`, `https://huggingface.co/spaces/owner/name`, or an address.
pub(crate) fn read(typed: &str, hub: &Url) -> Result<Place> {
    let typed = typed.trim().trim_end_matches('/');
    if is_id(typed) {
        return Ok(Place::Id(typed.to_owned()));
    }
    let url = address::server_url(typed)?;
    let page = url.path().strip_prefix("/spaces/").filter(|_| url.host_str() == hub.host_str());
    let id = page.map(|path| path.split('/').take(2).collect::<Vec<_>>().join("/")).filter(|id| is_id(id));
    Ok(id.map_or_else(|| Place::Url(bare(url)), Place::Id))
}

/// Who is asked first for what a person typed: the Hub for an id, else the Space itself.
///
/// # Errors
/// `input` when it is neither an id nor an address.
pub fn space_address(typed: &str, hub: &Url) -> Result<Url> {
    Ok(match read(typed, hub)? {
        Place::Id(_) => hub.clone(),
        Place::Url(url) => url,
    })
}

/// Two names of the Hub's letters with one slash between; `localhost:7860` and `h.test/x` are none.
fn is_id(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word.len() <= 96
            && !word.starts_with('.')
            && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
    };
    text.split_once('/').is_some_and(|(owner, name)| word(owner) && !owner.contains('.') && word(name))
}

fn bare(mut url: Url) -> Url {
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// The address that the Hub tells (`/api/spaces/{id}/host`), where it is a usable one.
pub(crate) fn host_of(answer: &Value) -> Option<Url> {
    let url = Url::parse(answer.get("host")?.as_str()?).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| bare(url))
}

/// The address by the Hub's rule: lower case, everything but letters and digits becomes `-`.
pub(crate) fn by_hand(id: &str) -> Option<Url> {
    let dash = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let name: String = id.to_ascii_lowercase().chars().map(dash).collect();
    Url::parse(&format!("https://{name}.hf.space")).ok()
}

/// Whether a Hugging Face token may go there: a host below `hf.space`, over TLS, on its usual port.
pub(crate) fn is_hugging_face(url: &Url) -> bool {
    let below = url.host_str().is_some_and(|host| host.ends_with(".hf.space"));
    below && url.scheme() == "https" && url.port().is_none()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn at(typed: &str) -> Place {
        read(typed, &Url::parse("https://huggingface.co").unwrap()).unwrap()
    }

    #[test]
    fn an_id_its_page_and_an_address_are_told_apart() {
        let id = Place::Id("stabilityai/stable-diffusion-3.5-large".into());
        assert_eq!(at(" stabilityai/stable-diffusion-3.5-large/ "), id);
        assert_eq!(at("https://huggingface.co/spaces/stabilityai/stable-diffusion-3.5-large/tree/main"), id);
        for (typed, want) in [
            ("https://a-b.hf.space/?__theme=dark#x", "https://a-b.hf.space/"),
            ("localhost:7860", "http://localhost:7860/"),
            ("http://10.0.0.2:7860/app/", "http://10.0.0.2:7860/app"),
            ("demo.example/app", "https://demo.example/app"),
            ("https://evil.test/spaces/a/b", "https://evil.test/spaces/a/b"),
        ] {
            assert_eq!(at(typed), Place::Url(Url::parse(want).unwrap()), "{typed}");
        }
        assert!(
            read("a/../b", &Url::parse("https://huggingface.co").unwrap())
                .is_ok_and(|place| place != Place::Id("a/../b".into()))
        );
    }

    #[test]
    fn the_host_is_the_hubs_word_or_made_by_its_rule() {
        assert_eq!(by_hand("Org_X/my.Space").unwrap().as_str(), "https://org-x-my-space.hf.space/");
        let told = json!({"host": "https://a-b.hf.space", "subdomain": "a-b"});
        assert_eq!(host_of(&told).unwrap().as_str(), "https://a-b.hf.space/");
        for bad in [json!({}), json!({"host": "file:///etc/passwd"}), json!({"host": 7}), json!(null)] {
            assert!(host_of(&bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_token_goes_to_hugging_faces_own_hosts_only() {
        assert!(is_hugging_face(&Url::parse("https://a-b.hf.space/x").unwrap()));
        for other in [
            "http://a-b.hf.space",
            "https://hf.space.evil.test",
            "https://evilhf.space",
            "https://a.hf.space:8443",
            "https://a.test/.hf.space",
        ] {
            assert!(!is_hugging_face(&Url::parse(other).unwrap()), "{other}");
        }
    }
}
