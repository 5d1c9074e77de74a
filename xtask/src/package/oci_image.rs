//! An OCI image, without a container engine: <https://github.com/opencontainers/image-spec>.
//!
//! One layer with the program and all that it opens. There is no shell in it, and no Postgres.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::base::logged_command::run_logged;
use crate::package::archive::{add_directory, announce, gzip, sha256, tar};
use crate::package::contents::add_program;
use crate::package::release::Release;
use crate::package::shared_libraries::shared_libraries;
use crate::package::tree::{EXECUTABLE, READABLE, Tree};

/// The user that the program runs as, and its group.
pub const USER: u32 = 65_532;
const DATA: &str = "var/lib/loquent";
/// For the files in a bucket: its client asks the system whom to trust.
const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";
/// Without it the C library asks DNS before `/etc/hosts`.
const NAME_SERVICE: &str = "passwd: files\ngroup: files\nhosts: files dns\n";
const LAYER_TYPE: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const CONFIG_TYPE: &str = "application/vnd.oci.image.config.v1+json";
const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";

/// Makes `loquent-<version>-<architecture>.oci.tar`.
///
/// # Errors
/// When something cannot be read or written.
pub fn make_oci_image(release: &Release<'_>) -> Result<PathBuf> {
    let image = Image {
        release,
        layout: Tree::replace(release.out.join("unfinished-oci"))?,
        created: rfc3339(release)?,
    };
    image.make()?;
    let archive = release.out.join(format!("{}.oci.tar", release.name()));
    let names = ["blobs", "index.json", "manifest.json", "oci-layout"];
    tar(release, &image.layout.root, &names, &archive)?;
    fs::remove_dir_all(&image.layout.root)?;
    announce(&archive)?;
    Ok(archive)
}

struct Image<'a> {
    release: &'a Release<'a>,
    layout: Tree,
    created: String,
}

/// A file of the image, under the name of its digest.
struct Blob {
    digest: String,
    size: u64,
}

impl Blob {
    fn descriptor(&self, media_type: &str) -> Value {
        json!({ "mediaType": media_type, "digest": format!("sha256:{}", self.digest), "size": self.size })
    }

    fn path(&self) -> String {
        format!("blobs/sha256/{}", self.digest)
    }
}

impl Image<'_> {
    fn make(&self) -> Result<()> {
        let (layer, uncompressed) = self.add_layer()?;
        let config = self.add_json(&self.config(&uncompressed))?;
        let manifest = self.add_json(&json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": config.descriptor(CONFIG_TYPE),
            "layers": [layer.descriptor(LAYER_TYPE)],
        }))?;
        let version = self.release.version();
        let mut entry = manifest.descriptor(MANIFEST_TYPE);
        entry["annotations"] = json!({ "org.opencontainers.image.ref.name": version });
        entry["platform"] = json!({ "architecture": self.release.architecture, "os": "linux" });
        let index = json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": [entry],
        });
        // `docker load` reads this, and the blobs: not every Docker knows the OCI's own index.
        let for_docker = json!([{
            "Config": config.path(),
            "RepoTags": [format!("loquent:{version}")],
            "Layers": [layer.path()],
        }]);
        let layout = json!({ "imageLayoutVersion": "1.0.0" });
        for (name, value) in [
            ("index.json", index),
            ("manifest.json", for_docker),
            ("oci-layout", layout),
        ] {
            self.layout.write(name, READABLE, &value.to_string())?;
        }
        Ok(())
    }

    /// The layer, and the digest of what is in it before it is compressed.
    fn add_layer(&self) -> Result<(Blob, String)> {
        let release = self.release;
        let root = Tree::replace(release.out.join("unfinished-root"))?;
        fill_root(release, &root)?;
        let names: Vec<String> = fs::read_dir(&root.root)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<Result<_>>()?;
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.sort_unstable();
        let layer = self.layout.root.join("layer.tar");
        tar(release, &root.root, &names, &layer)?;
        root.directory(DATA, 0o750)?;
        add_directory(release, &root.root, DATA, USER, &layer)?;
        fs::remove_dir_all(&root.root)?;
        let uncompressed = sha256(release, &layer)?;
        let layer = self.add_blob(&gzip(release, &layer)?)?;
        Ok((layer, uncompressed))
    }

    fn config(&self, uncompressed: &str) -> Value {
        let version = self.release.version();
        json!({
            "created": self.created,
            "architecture": self.release.architecture,
            "os": "linux",
            "config": {
                "User": format!("{USER}:{USER}"),
                "ExposedPorts": { "8080/tcp": {} },
                "Env": [
                    "PATH=/usr/bin",
                    "DIOXUS_PUBLIC_PATH=/usr/share/loquent/public",
                    "IP=0.0.0.0",
                    "PORT=8080",
                    format!("LOQUENT_DATA_DIR=/{DATA}"),
                ],
                "Entrypoint": ["/usr/bin/loquent"],
                "Cmd": ["serve"],
                "Volumes": { format!("/{DATA}"): {} },
                "WorkingDir": format!("/{DATA}"),
                "StopSignal": "SIGTERM",
                "Labels": {
                    "org.opencontainers.image.title": "Loquent",
                    "org.opencontainers.image.version": version,
                    "org.opencontainers.image.licenses": "AGPL-3.0-or-later",
                    "org.opencontainers.image.created": self.created,
                },
            },
            "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{uncompressed}")] },
            "history": [{ "created": self.created, "created_by": "cargo xtask package" }],
        })
    }

    fn add_json(&self, value: &Value) -> Result<Blob> {
        self.layout.write("blob", READABLE, &value.to_string())?;
        self.add_blob(&self.layout.root.join("blob"))
    }

    fn add_blob(&self, file: &Path) -> Result<Blob> {
        let blob = Blob {
            digest: sha256(self.release, file)?,
            size: fs::metadata(file)?.len(),
        };
        self.layout.directory("blobs/sha256", EXECUTABLE)?;
        fs::set_permissions(file, Permissions::from_mode(READABLE))?;
        let target = self.layout.root.join(blob.path());
        fs::rename(file, &target).with_context(|| target.display().to_string())?;
        Ok(blob)
    }
}

/// All that the program opens, except its data directory.
fn fill_root(release: &Release<'_>, root: &Tree) -> Result<()> {
    add_program(release, root, "usr/")?;
    for library in shared_libraries(&release.program)? {
        let path = library.to_string_lossy();
        // The one that loads the others is run by the kernel.
        root.copy(&library, path.trim_start_matches('/'), EXECUTABLE)?;
    }
    let certificates = Path::new("/").join(CERTIFICATES);
    if !certificates.is_file() {
        bail!(
            "{} is missing: install ca-certificates",
            certificates.display()
        );
    }
    root.copy(&certificates, CERTIFICATES, READABLE)?;
    let user = format!("loquent:x:{USER}:{USER}::/{DATA}:/sbin/nologin\n");
    root.write(
        "etc/passwd",
        READABLE,
        &format!("root:x:0:0::/root:/sbin/nologin\n{user}"),
    )?;
    root.write(
        "etc/group",
        READABLE,
        &format!("root:x:0:\nloquent:x:{USER}:\n"),
    )?;
    root.write("etc/nsswitch.conf", READABLE, NAME_SERVICE)?;
    root.directory("tmp", 0o1777)?;
    root.directory("var/lib", EXECUTABLE)
}

/// The release's time as JSON has it.
fn rfc3339(release: &Release<'_>) -> Result<String> {
    let mut command = release.command("date");
    command
        .args(["--utc", "+%Y-%m-%dT%H:%M:%SZ"])
        .arg(format!("--date=@{}", release.time));
    let finished = run_logged(&mut command, &release.context.interrupt)?;
    let text = finished.lines.into_iter().next();
    text.context("date printed nothing")
}
