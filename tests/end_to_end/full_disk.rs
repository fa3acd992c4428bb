//! Disks that are really full, and folders that really cannot be written to. They are mounted in a name space
//! of the test's own, which needs no special rights where the system lets users have one; where it does not,
//! the test says so. A limit on the size of files stands in for a quota, and needs no rights anywhere.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use crate::step::{Outcome, Step, head, published};
use crate::subject::{BEFORE, publish};

/// Runs shell lines in which `$run` publishes in `$work`, in a name space where they may mount.
fn mounted(work: &Path, lines: &str) -> std::io::Result<Output> {
    let run = publish(work);
    let arguments: Vec<String> = run.get_args().map(|part| part.to_string_lossy().into_owned()).collect();
    let run = format!("{} {}", run.get_program().to_string_lossy(), arguments.join(" "));
    Command::new("unshare").args(["-Urm", "sh", "-uc", lines]).env("work", work).env("run", run).output()
}

fn may_mount() -> bool {
    let mounts = mounted(Path::new("/"), "mount -t tmpfs none /mnt");
    let works = mounts.is_ok_and(|output| output.status.success());
    if !works {
        let _ =
            writeln!(std::io::stderr(), "nothing can be mounted here: full and read-only disks NOT TESTED");
    }
    works
}

/// The workspace is moved onto a file system of so many kilobytes, the publication must fail there and leave
/// what stood there; then the file system grows, and the next run publishes.
#[test]
fn a_small_full_disk_leaves_the_old_revision() -> Outcome {
    if !may_mount() {
        return Ok(());
    }
    let step = Step::prepare(&BEFORE)?;
    step.reset()?;
    let kilobytes = Command::new("du").arg("-sk").arg(&step.work).output()?;
    let kilobytes = String::from_utf8_lossy(&kilobytes.stdout).into_owned();
    let taken: u64 = kilobytes.split_whitespace().next().unwrap_or_default().parse()?;
    let lines = "
        kept=$(mktemp -d); cp -a $work/. $kept/; before=$(cd $kept && find curated out HEAD .pipeline/HEAD -type f ! -name changes.md 2>/dev/null | sort | xargs sha256sum)
        mount -t tmpfs -o size=${size}k none $work && cp -a $kept/. $work/ || exit 90
        $run; code=$?
        after=$(cd $work && find curated out HEAD .pipeline/HEAD -type f ! -name changes.md 2>/dev/null | sort | xargs sha256sum)
        rm -rf $kept
        [ $code = 0 ] && exit 0
        [ \"$before\" = \"$after\" ] || exit 91
        mount -o remount,size=64m $work && $run || exit 92
        [ -z \"$(ls -A $work/.pipeline/tmp)\" ] || exit 93
        exit $code";
    let (mut full, mut went_through) = (0, 0);
    for more in (8..).step_by(24).take(40) {
        let lines = format!("size={}; {lines}", taken + more);
        let output = mounted(&step.work, &lines)?;
        match output.status.code() {
            Some(74) => full += 1,
            Some(0) => went_through += 1,
            // Not even the old revision fits.
            Some(90) => continue,
            other => panic!("{more} KB: {other:?}: {}", String::from_utf8_lossy(&output.stderr)),
        }
        if went_through > 0 {
            break;
        }
    }
    eprintln!("{full} sizes were too small, and one was not");
    assert!(full > 2 && went_through == 1, "{full}, {went_through}");
    Ok(())
}

#[test]
fn a_read_only_workspace_is_left_alone() -> Outcome {
    if !may_mount() {
        return Ok(());
    }
    let step = Step::prepare(&BEFORE)?;
    for folder in ["", "/out", "/curated", "/.pipeline"] {
        step.reset()?;
        let lines = format!(
            "mount --bind $work{folder} $work{folder} && mount -o remount,ro,bind $work{folder} && $run"
        );
        let output = mounted(&step.work, &lines)?;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(74), "{folder}: {told}");
        assert_eq!(told.lines().count(), 1, "{folder}: {told}");
        assert!(told.starts_with("error: cannot ") && told.contains("Read-only"), "{folder}: {told}");
        assert_eq!(head(&step.work), step.old.0, "{folder}");
        assert!(published(&step.work)? == step.old.1, "{folder}: the old revision is not as it was");
        step.recovers(&format!("read-only {folder}"))?;
    }
    Ok(())
}

/// `ulimit -f` counts half kilobytes.
#[test]
fn a_limit_on_the_size_of_files_leaves_the_old_revision() -> Outcome {
    let step = Step::prepare(&BEFORE)?;
    let mut refused = 0;
    for limit in [0, 1, 2, 4, 8, 16, 32, 64, 20_000] {
        step.reset()?;
        let run = publish(&step.work);
        let output = Command::new("sh")
            .args(["-c", &format!("ulimit -f {limit}; exec \"$0\" \"$@\"")])
            .arg(run.get_program())
            .args(run.get_args())
            .output()?;
        let what = format!("files of at most {limit} half kilobytes");
        if output.status.success() {
            assert!(published(&step.work)? == step.new.1, "{what}: exit 0, but not published");
        } else {
            refused += 1;
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(74), "{what}: {} {told}", output.status);
            assert!(published(&step.work)? == step.old.1, "{what}: the old revision is not as it was");
        }
        step.recovers(&what)?;
    }
    assert!(refused > 3, "{refused}");
    Ok(())
}
