//! A ledger as a folder that other people's tools can check ([C2SP tlog-tiles](https://c2sp.org/tlog-tiles)).

use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    Edge, Error, Report, Row, Source, SourceError, TILE_WIDTH, Verifier,
    anchor::edge_of_tiles,
    edge::{full_tiles, join, split, widths},
    note::read_unverified,
    verify,
};

/// What stands in the exported folder for the reader who finds only it.
const README: &str = include_str!("folder_readme.md");

/// What was exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// How many entries the checkpoint covers.
    pub size: u64,
    /// How many of them have no body any more.
    pub pruned: u64,
    /// How many files were written.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
}

/// Writes a ledger to a new or empty folder: `checkpoint`, `key`, `README.md`, `tile/<level>/<n>[.p/<width>]` and
/// `tile/entries/<n>[.p/<width>]`.
///
/// The ledger is written as it stands, right or wrong, so that a wrong one can be handed to an expert; its checkpoint must
/// be one that `key` opens. A pruned entry is written with length 0.
pub fn export(source: &dyn Source, dir: &Path, key: &Verifier) -> Result<Exported, Error> {
    let checkpoint = source.checkpoint()?.ok_or(Error::NoCheckpoint)?;
    let (size, _) = key.open(&checkpoint)?;
    let mut out = Writer { dir, done: Exported { size, pruned: 0, files: 0, bytes: 0 } };
    fs::create_dir_all(dir).map_err(file(dir))?;
    if fs::read_dir(dir).map_err(file(dir))?.next().is_some() {
        return Err(Error::FolderInUse(dir.to_owned()));
    }
    out.write("README.md", README.as_bytes())?;
    out.write("key", key.vkey().as_bytes())?;
    let stored = source.edge()?.and_then(|bytes| Edge::from_bytes(&bytes).ok()).filter(|edge| edge.size() == size);
    let edge = match stored {
        Some(edge) => Some(edge),
        None => edge_of_tiles(source, size)?,
    };
    for (level, width) in (0..).zip(widths(size)) {
        for n in 0..full_tiles(size, level) {
            if let Some(bytes) = source.tile(level, n)? {
                out.write(&tile_path(&level.to_string(), n, TILE_WIDTH), &bytes)?;
            }
        }
        if let Some(edge) = edge.as_ref().filter(|_| width > 0) {
            let path = tile_path(&level.to_string(), full_tiles(size, level), width);
            out.write(&path, &join(edge.unfinished(level)))?;
        }
    }
    bundles(source, size, &mut out)?;
    out.write("checkpoint", checkpoint.as_bytes())?;
    Ok(out.done)
}

fn bundles(source: &dyn Source, size: u64, out: &mut Writer<'_>) -> Result<(), Error> {
    for n in 0..size.div_ceil(TILE_WIDTH as u64) {
        let (first, end) = (n << 8, ((n + 1) << 8).min(size));
        let mut bundle = Vec::new();
        let mut next = first;
        while next < end {
            let rows = source.entries(next, (end - next) as usize)?;
            let Some(last) = rows.last() else { break };
            next = last.seq + 1;
            for row in rows.iter().filter(|row| row.seq < end) {
                let body = row.body.as_deref().unwrap_or_default();
                let length = u16::try_from(body.len()).map_err(|_| Error::TooLong { bytes: body.len() })?;
                bundle.extend_from_slice(&length.to_be_bytes());
                bundle.extend_from_slice(body);
                out.done.pruned += u64::from(row.body.is_none());
            }
        }
        out.write(&tile_path("entries", n, (end - first) as usize), &bundle)?;
    }
    Ok(())
}

struct Writer<'d> {
    dir: &'d Path,
    done: Exported,
}

impl Writer<'_> {
    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.dir.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(file(parent))?;
        }
        let mut new = fs::File::create_new(&path).map_err(file(&path))?;
        new.write_all(bytes).map_err(file(&path))?;
        self.done.files += 1;
        self.done.bytes += bytes.len() as u64;
        Ok(())
    }
}

/// Verifies an exported folder with the ledger's public key, which must come from elsewhere than the folder.
pub fn verify_folder(dir: &Path, vkey: &str) -> Result<Report, Error> {
    verify(&Folder::open(dir)?, &Verifier::from_vkey(vkey)?, None, &mut |_, _| ())
}

/// An exported folder as a source, for [`verify()`] with a trusted checkpoint and for [`prove`](crate::prove).
pub struct Folder {
    dir: PathBuf,
    size: u64,
}

impl Folder {
    /// Opens a folder. The size of its checkpoint says which files there are; the checkpoint is not verified here.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let path = dir.join("checkpoint");
        let checkpoint = fs::read_to_string(&path).map_err(file(&path))?;
        let (size, _) = read_unverified(&checkpoint)?;
        Ok(Self { dir: dir.to_owned(), size })
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let path = self.dir.join(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Box::new(Error::File { path, source })),
        }
    }
}

impl Source for Folder {
    fn checkpoint(&self) -> Result<Option<String>, SourceError> {
        Ok(self.read("checkpoint")?.map(String::from_utf8).transpose()?)
    }

    fn edge(&self) -> Result<Option<Vec<u8>>, SourceError> {
        let mut levels = Vec::new();
        for (level, width) in (0..).zip(widths(self.size)) {
            let name = tile_path(&u8::to_string(&level), full_tiles(self.size, level), width);
            match if width == 0 { Some(Vec::new()) } else { self.read(&name)? } {
                Some(bytes) => levels.push(split(&bytes)),
                None => return Ok(None),
            }
        }
        Ok(Edge::from_levels(self.size, levels).ok().map(|edge| edge.to_bytes()))
    }

    fn entries(&self, from: u64, _limit: usize) -> Result<Vec<Row>, SourceError> {
        for n in from >> 8..self.size.div_ceil(TILE_WIDTH as u64) {
            let width = (self.size - (n << 8)).min(TILE_WIDTH as u64) as usize;
            let bundle = self.read(&tile_path("entries", n, width))?.unwrap_or_default();
            let rows: Vec<_> = unbundle(&bundle, n << 8).filter(|row| row.seq >= from).collect();
            if !rows.is_empty() {
                return Ok(rows);
            }
        }
        Ok(Vec::new())
    }

    fn tile(&self, level: u8, n: u64) -> Result<Option<Vec<u8>>, SourceError> {
        self.read(&tile_path(&level.to_string(), n, TILE_WIDTH))
    }
}

/// The rows of a bundle. One whose lengths do not add up gives what there is: the hashes tell that it is wrong.
fn unbundle(mut bytes: &[u8], first: u64) -> impl Iterator<Item = Row> {
    (first..).map_while(move |seq| {
        let (length, rest) = match bytes {
            [] => return None,
            [one] => (1, std::slice::from_ref(one)),
            [high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        };
        let (body, after) = rest.split_at(length.min(rest.len()));
        bytes = after;
        Some(Row { seq, body: (length > 0).then(|| body.to_vec()), copied: None })
    })
}

/// The path of a tile: the number in groups of three digits, all but the last with an `x` before it.
fn tile_path(level: &str, n: u64, width: usize) -> String {
    let mut path = format!("{:03}", n % 1000);
    let mut rest = n / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    match width {
        TILE_WIDTH => format!("tile/{level}/{path}"),
        _ => format!("tile/{level}/{path}.p/{width}"),
    }
}

fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File { path, source }
}
