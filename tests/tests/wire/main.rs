//! What we send and understand, request by request, against a recorder that plays the other side.

mod cancel;
mod decode;
mod files;
mod hub;
mod keys;
mod media;
mod peers;
mod scenarios;
mod scenarios_media;
mod speech;
