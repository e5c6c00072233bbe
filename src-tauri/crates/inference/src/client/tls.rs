//! What the client trusts: the system's certificate authorities (and `SSL_CERT_FILE`), and those of a file.

use std::path::Path;
use std::sync::Arc;

use limerick_tasks::{Error, ErrorCode, Result};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

/// TLS with the ring provider, for this client only.
pub(super) fn config(ca_file: Option<&Path>) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let extra = ca_file.map(read).transpose()?.unwrap_or_default();
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|cause| Error::internal("set up TLS", cause))?;
    let mut config = match verifier(extra, provider) {
        Ok(verifier) => {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
        }
        Err(cause) => {
            // A machine without any certificate authority still has local servers and built-in models.
            tracing::warn!(%cause, "no certificate authority is trusted");
            builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(any(all(unix, not(target_os = "android")), windows))]
fn verifier(
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> std::result::Result<Verifier, rustls::Error> {
    if extra.is_empty() { Verifier::new(provider) } else { Verifier::new_with_extra_roots(extra, provider) }
}

fn read(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let bad = |cause: String| {
        let message = "The file of certificate authorities cannot be used: choose a PEM file in Settings.";
        Error::new(ErrorCode::Input, message).with_detail(cause)
    };
    let found = CertificateDer::pem_file_iter(file).map_err(|cause| bad(cause.to_string()))?;
    let certificates: Vec<_> =
        found.collect::<std::result::Result<_, _>>().map_err(|cause| bad(cause.to_string()))?;
    if certificates.is_empty() { Err(bad("no certificate in it".into())) } else { Ok(certificates) }
}
