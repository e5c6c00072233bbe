//! What the machine itself must bring: programs and system libraries, installed with consent.

use std::io::{IsTerminal, Write};
use std::process::Command;

use crate::{Outcome, process, say};

/// One package manager: how to ask what is there, how to install, and what we need by its names.
struct Manager {
    program: &'static str,
    /// Run before installing, with root's rights.
    refresh: &'static [&'static str],
    install: &'static [&'static str],
    /// Whether one package is installed: this command and the package's name must succeed.
    query: &'static [&'static str],
    /// To build and run the app.
    build: &'static [&'static str],
    /// To test it, or to run it without a display.
    window: &'static [&'static str],
}

/// Debian's list is tried; Fedora's and Arch's are written from their package indexes and untried.
const MANAGERS: [Manager; 3] = [
    Manager {
        program: "apt-get",
        refresh: &["apt-get", "update", "-q"],
        install: &["apt-get", "install", "-y", "-q", "--no-install-recommends"],
        query: &["dpkg-query", "-W", "-f=${db:Status-Status}"],
        build: &[
            "build-essential",
            "pkg-config",
            "cmake",
            "clang",
            "libclang-dev",
            "libwebkit2gtk-4.1-dev",
            "libasound2-dev",
        ],
        window: &[
            "xvfb",
            "xauth",
            "webkit2gtk-driver",
            "dbus",
            "dbus-user-session",
            "gnome-keyring",
            "fonts-noto-core",
            "fonts-noto-color-emoji",
            "imagemagick",
            "xdotool",
            "python3-venv",
            "pulseaudio",
            "pulseaudio-utils",
            "libasound2-plugins",
        ],
    },
    Manager {
        program: "dnf",
        refresh: &[],
        install: &["dnf", "install", "-y"],
        query: &["rpm", "-q", "--whatprovides"],
        build: &[
            "gcc-c++",
            "make",
            "pkgconf-pkg-config",
            "cmake",
            "clang",
            "clang-devel",
            "webkit2gtk4.1-devel",
            "alsa-lib-devel",
        ],
        window: &[
            "xorg-x11-server-Xvfb",
            "xorg-x11-xauth",
            "dbus-daemon",
            "gnome-keyring",
            "google-noto-sans-fonts",
            "google-noto-color-emoji-fonts",
            "ImageMagick",
            "xdotool",
            "pulseaudio",
            "pulseaudio-utils",
            "alsa-plugins-pulseaudio",
        ],
    },
    Manager {
        program: "pacman",
        refresh: &[],
        install: &["pacman", "-S", "--needed", "--noconfirm"],
        query: &["pacman", "-Qq"],
        build: &["base-devel", "pkgconf", "cmake", "clang", "webkit2gtk-4.1", "alsa-lib"],
        window: &[
            "xorg-server-xvfb",
            "xorg-xauth",
            "dbus",
            "gnome-keyring",
            "noto-fonts",
            "noto-fonts-emoji",
            "imagemagick",
            "xdotool",
            "pulseaudio",
            "alsa-plugins",
        ],
    },
];

/// Node versions that Vite 8 accepts: 20.19 and later, or 22.12 and later.
const OLDEST_NODE: [(u32, u32); 2] = [(20, 19), (22, 12)];

/// Checks Node and the system libraries, and installs what is missing.
/// `window` asks for what a window needs where there is no display.
pub(crate) fn ensure(window: bool) -> Outcome {
    say::heading("System");
    check_node()?;
    if cfg!(target_os = "linux") {
        ensure_packages(window)
    } else {
        say::note(needs_elsewhere());
        Ok(())
    }
}

fn needs_elsewhere() -> &'static str {
    if cfg!(windows) {
        "Windows needs the Visual Studio build tools (C++), CMake, LLVM and WebView2; see tauri.app/start/prerequisites."
    } else {
        "macOS needs the Xcode command line tools (xcode-select --install) and CMake (brew install cmake)."
    }
}

fn check_node() -> Outcome {
    let advice =
        "Limerick's window is built with Node 20.19 or later, or 22.12 or later: install it from nodejs.org.";
    let version = process::output(Command::new("node").arg("--version")).ok_or(advice)?;
    if node_is_new_enough(&version) {
        say::note(&format!("Node {}", version.trim_start_matches('v')));
        return Ok(());
    }
    Err(format!("Node {version} is too old. {advice}"))
}

fn node_is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let (Some(major), Some(minor)) = (numbers.next(), numbers.next()) else { return false };
    let [(old, old_minor), (new, new_minor)] = OLDEST_NODE;
    (major == old && minor >= old_minor) || (major == new && minor >= new_minor) || major > new
}

fn ensure_packages(window: bool) -> Outcome {
    let Some(manager) = MANAGERS.iter().find(|manager| process::exists(manager.program)) else {
        say::note(
            "No known package manager: WebKitGTK 4.1, CMake and Clang must be there, with their headers.",
        );
        return Ok(());
    };
    let wanted = manager.build.iter().chain(if window { manager.window } else { &[] });
    let missing: Vec<&str> = wanted.copied().filter(|package| !is_installed(manager, package)).collect();
    if missing.is_empty() {
        say::note("Every system library is there.");
        return Ok(());
    }
    say::note("Missing on this system:");
    for package in &missing {
        println!("     {package}");
    }
    consent(manager, &missing)?;
    if !manager.refresh.is_empty() {
        process::run(&mut as_root(manager.refresh))?;
    }
    process::run(as_root(manager.install).args(&missing))
}

fn is_installed(manager: &Manager, package: &str) -> bool {
    let mut command = Command::new(manager.query[0]);
    process::output(command.args(&manager.query[1..]).arg(package)).is_some_and(|state| {
        manager.program != "apt-get" || state.contains("installed") && !state.contains("not-")
    })
}

/// Root and CI are not asked; a person is; where nobody can answer, the command is named instead.
fn consent(manager: &Manager, missing: &[&str]) -> Outcome {
    if is_root() || std::env::var_os("CI").is_some() {
        return Ok(());
    }
    let by_hand = format!("Install them with: sudo {} {}", manager.install.join(" "), missing.join(" "));
    if !std::io::stdin().is_terminal() {
        return Err(by_hand);
    }
    print!("   Install them now with sudo {}? [Y/n] ", manager.program);
    let _ = std::io::stdout().flush();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|error| error.to_string())?;
    if matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes") { Ok(()) } else { Err(by_hand) }
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

fn as_root(words: &[&str]) -> Command {
    let mut command = if is_root() {
        Command::new(words[0])
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg(words[0]);
        sudo
    };
    command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// The Python that this system has, where it has one.
pub(crate) fn python() -> Option<&'static str> {
    ["python3", "python", "py"]
        .into_iter()
        .find(|name| process::output(Command::new(name).args(["-m", "pip", "--version"])).is_some())
}

#[cfg(test)]
mod tests {
    use super::node_is_new_enough;

    #[test]
    fn node_must_be_one_that_vite_accepts() {
        for (version, accepted) in [
            ("v20.20.2", true),
            ("v20.18.9", false),
            ("v21.9.0", false),
            ("v22.12.0", true),
            ("v24.1.0", true),
            ("", false),
        ] {
            assert_eq!(node_is_new_enough(version), accepted, "{version}");
        }
    }
}
