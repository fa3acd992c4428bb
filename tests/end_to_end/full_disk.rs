//! Disks that are really full, and folders that really cannot be written to. They are mounted in a name space
//! of the test's own, which needs no special rights where the system lets users have one; where it does not,
//! the test says so. A limit on the size of files stands in for a quota, and needs no rights anywhere.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use crate::step::{Outcome, Step, head, published, status};
use crate::subject::{BEFORE, publish, verify};

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

/// Runs a command whose files may have so many half kilobytes.
fn limited(half_kilobytes: u64, run: &Command) -> std::io::Result<Output> {
    let lines = format!("ulimit -f {half_kilobytes}; exec \"$0\" \"$@\"");
    Command::new("sh").args(["-c", &lines]).arg(run.get_program()).args(run.get_args()).output()
}

#[test]
fn a_limit_on_the_size_of_files_leaves_the_old_revision() -> Outcome {
    let step = Step::prepare(&BEFORE)?;
    let mut refused = 0;
    for limit in [0, 1, 2, 4, 8, 16, 32, 64, 20_000] {
        step.reset()?;
        let output = limited(limit, &publish(&step.work))?;
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

/// Files of several megabytes go to the disk in blocks, from a thread of their own.
#[test]
fn a_large_file_that_does_not_fit_leaves_the_old_revision() -> Outcome {
    let step = Step::prepare(&BEFORE)?;
    step.reset()?;
    let claims = step.work.join("claims.csv");
    let mut sheet = std::fs::read_to_string(&claims)?;
    for claim in 0..12_000 {
        let (year, month) = (1000 + claim / 12, claim % 12 + 1);
        sheet.push_str(&format!("b{claim},one,turnover,KGZ,KAZ,$2 million,{year}-{month:02},reached 2\n"));
    }
    std::fs::write(&claims, sheet)?;
    // Within the first block, behind it, and within the third.
    for limit in [1_800, 2_060, 4_400] {
        let output = limited(limit, &publish(&step.work))?;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(74), "{limit}: {} {told}", output.status);
        assert!(told.contains("cannot write curated/"), "{limit}: {told}");
        assert!(published(&step.work)? == step.old.1, "{limit}: the old revision is not as it was");
        assert!(status(verify(&step.work))?.success(), "{limit}");
    }
    assert!(status(publish(&step.work))?.success());
    assert!(std::fs::metadata(step.work.join("curated/claims.csv"))?.len() > 2 << 20);
    assert!(status(verify(&step.work))?.success());
    Ok(())
}
