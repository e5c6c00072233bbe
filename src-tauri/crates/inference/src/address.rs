//! From the address that a person types to the address of a route (hf-api 1.1).

use std::net::IpAddr;

use limerick_tasks::{Error, ErrorCode, Result};
use url::{Host, Url};

/// Route endings that people paste along with a server's address.
const ROUTES: [&str; 10] = [
    "/chat/completions",
    "/completions",
    "/embeddings",
    "/images/generations",
    "/images/edits",
    "/audio/speech",
    "/audio/transcriptions",
    "/models",
    "/generate_stream",
    "/generate",
];

/// Reads the address of a server; without a scheme, `http` for this machine and `https` for others.
///
/// # Errors
/// `input` when it is no HTTP address, or is the switched-off `api-inference.huggingface.co`.
pub fn server_url(typed: &str) -> Result<Url> {
    let typed = typed.trim();
    let local =
        ["localhost", "127.", "[::1]", "0.0.0.0", "192.168.", "10."].iter().any(|h| typed.starts_with(h));
    let whole = if typed.contains("://") {
        typed.to_owned()
    } else {
        format!("{}://{typed}", if local { "http" } else { "https" })
    };
    let bad = || Error::new(ErrorCode::Input, "That is not an address: it looks like http://localhost:8080.");
    let url = Url::parse(&whole).map_err(|_| bad())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(bad());
    }
    refuse_dead_host(&url)?;
    Ok(url)
}

/// Refuses the old serverless host, which answers 410 to everything.
pub(crate) fn refuse_dead_host(url: &Url) -> Result<()> {
    if url.host_str() != Some("api-inference.huggingface.co") {
        return Ok(());
    }
    let message = "api-inference.huggingface.co is switched off: use the Hugging Face connection instead.";
    Err(Error::new(ErrorCode::Input, message))
}

/// Where chat completions are asked for.
pub(crate) fn chat(given: &Url) -> Url {
    openai(given, "/chat/completions")
}

/// Where raw completions are asked for.
pub(crate) fn completions(given: &Url) -> Url {
    openai(given, "/completions")
}

/// Where embeddings are asked for.
pub(crate) fn embeddings(given: &Url) -> Url {
    openai(given, "/embeddings")
}

/// Where TGI's own form is taken.
pub(crate) fn generate(given: &Url, stream: bool) -> Url {
    let base = without_route(given);
    let base = base.strip_suffix("/v1").unwrap_or(&base);
    with_path(given, &format!("{base}/{}", if stream { "generate_stream" } else { "generate" }))
}

/// `given` without a route and a closing slash, for probing.
pub(crate) fn base(given: &Url) -> Url {
    with_path(given, &without_route(given))
}

/// Appends `path` to `base`, keeping the query.
pub(crate) fn join(base: &Url, path: &str) -> Url {
    with_path(base, &format!("{}{path}", base.path().trim_end_matches('/')))
}

/// Where a route of `OpenAI`'s protocol is, such as `/images/generations`.
pub(crate) fn openai(given: &Url, route: &str) -> Url {
    let base = without_route(given);
    let had_route = base.len() < given.path().trim_end_matches('/').len();
    let v1 = if base.ends_with("/v1") || (had_route && !is_tgi(given)) { "" } else { "/v1" };
    with_path(given, &format!("{base}{v1}{route}"))
}

fn is_tgi(given: &Url) -> bool {
    let path = given.path().trim_end_matches('/');
    path.ends_with("/generate") || path.ends_with("/generate_stream")
}

fn without_route(given: &Url) -> String {
    let path = given.path().trim_end_matches('/');
    ROUTES.iter().find_map(|route| path.strip_suffix(route)).unwrap_or(path).to_owned()
}

fn with_path(given: &Url, path: &str) -> Url {
    let mut url = given.clone();
    url.set_path(path);
    url.set_fragment(None);
    url
}

/// Whether the address is on this machine; such addresses never go through a proxy.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Whether the address may be one of the open network: neither this machine nor the network around it.
pub(crate) fn is_public(url: &Url) -> bool {
    if is_loopback(url) || !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.contains('.') && ![".local", ".internal", ".localhost"].iter().any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(ip)) => is_public_ip(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_public_ip(IpAddr::V6(ip)),
        None => false,
    }
}

/// Whether packets to it leave the network around this machine (IANA's special-purpose registries).
pub(crate) fn is_public_ip(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let shared = first == 100 && (64..128).contains(&second);
            let here = ip.is_loopback() || ip.is_private() || ip.is_link_local() || shared || first == 0;
            !(here || ip.is_broadcast() || ip.is_multicast())
        }
        IpAddr::V6(ip) => {
            if let Some(ip) = ip.to_ipv4_mapped() {
                return is_public_ip(IpAddr::V4(ip));
            }
            let here = ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local();
            !(here || ip.is_unicast_link_local() || ip.is_multicast())
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn at(route: fn(&Url) -> Url, given: &str) -> String {
        route(&Url::parse(given).unwrap()).to_string()
    }

    #[test]
    fn chat_addresses_follow_the_rules() {
        for (given, want) in [
            ("http://h", "http://h/v1/chat/completions"),
            ("http://h/", "http://h/v1/chat/completions"),
            ("http://h/v1", "http://h/v1/chat/completions"),
            ("http://h/v1/", "http://h/v1/chat/completions"),
            ("http://h/v1?api-version=1", "http://h/v1/chat/completions?api-version=1"),
            ("http://h/v1/chat/completions", "http://h/v1/chat/completions"),
            ("http://h/openai/chat/completions", "http://h/openai/chat/completions"),
            ("http://h/some/path", "http://h/some/path/v1/chat/completions"),
            ("http://h/v1/completions", "http://h/v1/chat/completions"),
            ("http://h/generate", "http://h/v1/chat/completions"),
        ] {
            assert_eq!(at(chat, given), want);
        }
    }

    #[test]
    fn completion_addresses_follow_the_same_rules() {
        for (given, want) in [
            ("http://h", "http://h/v1/completions"),
            ("http://h/v1/chat/completions?a=b", "http://h/v1/completions?a=b"),
            ("http://h/v1/completions", "http://h/v1/completions"),
        ] {
            assert_eq!(at(completions, given), want);
        }
    }

    #[test]
    fn generate_addresses_follow_the_stream() {
        let given = Url::parse("http://h/x/generate").unwrap();
        assert_eq!(generate(&given, true).as_str(), "http://h/x/generate_stream");
        assert_eq!(generate(&Url::parse("http://h/v1").unwrap(), false).as_str(), "http://h/generate");
    }

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        let is_public = |url: &str| is_public(&Url::parse(url).unwrap());
        for url in ["https://v3.fal.media/x", "https://1.1.1.1/", "https://[2606:4700::1111]/"] {
            assert!(is_public(url), "{url}");
        }
        for url in [
            "https://localhost/",
            "https://a.localhost/",
            "https://127.0.0.1/",
            "https://0x7f000001/",
            "https://10.1.2.3/",
            "https://169.254.169.254/",
            "https://192.168.0.1/",
            "https://172.16.0.1/",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://printer/",
            "https://nas.local/",
            "https://metadata.google.internal./",
            "https://a@b.test/",
        ] {
            assert!(!is_public(url), "{url}");
        }
    }

    #[test]
    fn typed_addresses_are_completed_or_refused() {
        assert_eq!(server_url("localhost:8080").unwrap().as_str(), "http://localhost:8080/");
        assert_eq!(server_url(" api.example.com/v1 ").unwrap().as_str(), "https://api.example.com/v1");
        for bad in ["", "ftp://h", "https://api-inference.huggingface.co/models/x", "http://"] {
            assert_eq!(server_url(bad).unwrap_err().code, ErrorCode::Input, "{bad}");
        }
    }
}
