//! Where sound can be heard: the devices of this machine, by ids that stay the same.

use limerick_sound::SoundDevice;
use limerick_tasks::{Error, ErrorCode, Result};
use rodio::{
    Device, DeviceTrait,
    cpal::{self, DeviceId, traits::HostTrait},
};

use crate::outlet::silent;

/// The places where sound can be heard. Asks the system, which may take its time. Besides them there is always the
/// system's own choice, which has no id.
pub fn devices() -> Result<Vec<SoundDevice>> {
    let host = cpal::default_host();
    let usual = host.default_output_device().and_then(|device| device.id().ok());
    let found = host.output_devices().map_err(silent)?;
    Ok(found.filter_map(|device| described(&device, usual.as_ref())).collect())
}

fn described(device: &Device, usual: Option<&DeviceId>) -> Option<SoundDevice> {
    let id = device.id().ok()?;
    if !is_a_place(id.id()) {
        return None;
    }
    let name = device.description().map_or_else(|_| id.id().to_owned(), |said| said.name().to_owned());
    Some(SoundDevice { default: Some(&id) == usual, id: id.to_string(), name })
}

/// ALSA names each card a dozen times, once for every way to convert for it; a person looks for the card.
#[cfg(target_os = "linux")]
fn is_a_place(id: &str) -> bool {
    let kind = id.split_once(':').map_or(id, |(kind, _)| kind);
    ["default", "pulse", "pipewire", "sysdefault", "hdmi"].contains(&kind)
}

#[cfg(not(target_os = "linux"))]
fn is_a_place(_: &str) -> bool {
    true
}

/// The device of this id; without one the system's own choice.
pub(crate) fn find(id: Option<&str>) -> Result<Device> {
    let host = cpal::default_host();
    let Some(id) = id else {
        return host.default_output_device().ok_or_else(|| silent("the system names no output"));
    };
    let named: Option<DeviceId> = id.parse().ok();
    named.and_then(|named| host.device_by_id(&named)).ok_or_else(|| {
        let message =
            "The sound device that you picked is not there. Connect it, or pick another in Settings.";
        Error::new(ErrorCode::Internal, message)
    })
}
