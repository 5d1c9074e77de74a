use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

use super::error::{EmbeddedPostgresError, Result, io_error};
use crate::bases::private_files::create_private_directory;

/// The user that the cluster runs as if we are root, which Postgres refuses.
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    pub uid: u32,
    pub gid: u32,
}

/// Root may not run Postgres: Debian's own user does it, else `nobody`.
pub fn find_owner() -> Result<Option<Owner>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd")
        .map_err(|source| io_error("reading /etc/passwd", source))?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| {
            let line = passwd
                .lines()
                .find(|line| line.split(':').next() == Some(name))?;
            let mut fields = line.split(':').skip(2);
            Some(Owner {
                uid: fields.next()?.parse().ok()?,
                gid: fields.next()?.parse().ok()?,
            })
        })
        .map(Some)
        .ok_or(EmbeddedPostgresError::NoUser)
}

/// The cluster's directory, made for its owner. Where the owner cannot reach `dir` (a checkout in
/// a private home), the cluster lives under `/var/lib/loquent` and `dir` is a link to it.
pub fn place_cluster(dir: &Path, owner: Option<Owner>) -> Result<PathBuf> {
    let failed = |what: &str| {
        let what = format!("{what} {}", dir.display());
        move |source| io_error(&what, source)
    };
    let dir = std::path::absolute(dir).map_err(failed("resolving"))?;
    if let Some(parent) = dir.parent()
        && !parent.exists()
    {
        create_private_directory(parent).map_err(failed("creating the parent of"))?;
        if owner.is_some() {
            // The cluster's owner may pass through but not list it.
            fs::set_permissions(parent, fs::Permissions::from_mode(0o711))
                .map_err(failed("opening the parent of"))?;
        }
    }
    let Some(owner) = owner else {
        fs::create_dir_all(&dir).map_err(failed("creating"))?;
        return make_private(dir, None);
    };
    if dir.is_symlink()
        || dir
            .parent()
            .is_some_and(|parent| is_reachable(parent, owner))
    {
        fs::create_dir_all(&dir).map_err(failed("creating"))?;
        let dir = dir.canonicalize().map_err(failed("resolving"))?;
        return make_private(dir, Some(owner));
    }
    let name = hex::encode(
        &<sha2::Sha256 as sha2::Digest>::digest(dir.as_os_str().as_encoded_bytes())[..8],
    );
    let elsewhere = Path::new("/var/lib/loquent").join(format!("postgres-{name}"));
    fs::create_dir_all(&elsewhere).map_err(failed("creating the cluster for"))?;
    std::os::unix::fs::symlink(&elsewhere, &dir).map_err(failed("linking"))?;
    make_private(elsewhere, Some(owner))
}

fn make_private(dir: PathBuf, owner: Option<Owner>) -> Result<PathBuf> {
    let failed = |source| io_error(&format!("securing {}", dir.display()), source);
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    if let Some(owner) = owner {
        chown(&dir, Some(owner.uid), Some(owner.gid)).map_err(failed)?;
    }
    Ok(dir)
}

/// Whether the owner may traverse every parent directory.
fn is_reachable(dir: &Path, owner: Owner) -> bool {
    dir.ancestors().all(|dir| {
        fs::metadata(dir).is_ok_and(|meta| {
            let needed = match (meta.uid() == owner.uid, meta.gid() == owner.gid) {
                (true, _) => 0o100,
                (false, true) => 0o010,
                (false, false) => 0o001,
            };
            meta.mode() & needed != 0
        })
    })
}
