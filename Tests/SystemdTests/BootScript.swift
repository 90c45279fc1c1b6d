/// The shell scripts around the container. They run in a mount namespace of their own (`unshare --mount`): what they
/// mount is seen by nobody else and gone with their last process, however they end.
enum BootScript {
    /// Boots, writes the leader's process id to FOLDER/leader, and waits on its standard input.
    ///
    /// That input is a lease: the test holds its other end, and when it lets go, by closing it or by dying, the script
    /// ends the container and removes its control groups.
    static let boot = """
        \(disk)
        # As a person installs it. A debug build also needs Swift's libraries, which may lie where no service looks.
        make -s -C "$repository" install DESTDIR="$root" PROGRAM="$program"
        ldd "$program" | awk '$3 ~ "^/" && $3 !~ "^/(usr/)?lib(64)?/" {print $3 ":/usr/lib/" $1}' >"$root/libraries"
        set --
        while read -r library; do set -- "$@" "--bind-ro=$library"; done <"$root/libraries"

        # bpf makes the device policy bite; only basic.target, or whatever apt enabled would start as well.
        nspawn --capability=all --system-call-filter=bpf "$@" --boot systemd.unit=basic.target
        for turn in $(seq 300); do
            kill -0 "$container" 2>/dev/null || exit 1
            leader=$(pgrep -P "$container" | head -n 1)
            state=$([ -z "$leader" ] || nsenter -t "$leader" -a systemctl is-system-running 2>/dev/null) || true
            case "$state" in running | degraded) break ;; esac
            sleep 0.1
        done
        echo "$leader" >"$folder/leader.new" && mv "$folder/leader.new" "$folder/leader"
        read -r lease || true
        """

    /// Ends with 0 when this kernel lets a container be made at all.
    static let probe = """
        \(disk)
        nspawn --quiet /bin/true
        wait "$container"
        """

    /// The machine's own disk under a layer in memory: programs and libraries are there, and nothing written is kept.
    private static let disk = """
        set -eu
        folder=$1 repository=$2 program=$3 root= container= groups=
        trap '' INT HUP
        cd /

        end() {
            set +e
            [ -z "$container" ] || kill -TERM "$container" 2>/dev/null
            for turn in $(seq 100); do
                [ -n "$container" ] && kill -0 "$container" 2>/dev/null || break
                sleep 0.1
            done
            [ -z "$container" ] || kill -KILL "$container" 2>/dev/null
            # A group is empty only a moment after its last process has ended.
            for group in $groups; do
                for turn in $(seq 50); do
                    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
                    sleep 0.1
                done
            done
            [ -z "$root" ] || umount "$root" "$folder/disk"
            # A test that died cannot remove its folder.
            kill -0 "$PPID" 2>/dev/null || rm -rf --one-file-system "$folder"
        }
        trap end EXIT

        mkdir -p "$folder/disk"
        mount -t tmpfs -o size=2g,mode=755 tmpfs "$folder/disk"
        mkdir "$folder/disk/upper" "$folder/disk/work" "$folder/disk/root"
        root=$folder/disk/root
        layers=lowerdir=/,upperdir=$folder/disk/upper,workdir=$folder/disk/work
        mount -t overlay overlay -o "$layers" "$root"
        # Nothing of a goodstanding that this machine really runs, and nothing that waits for a network: it never comes.
        cd "$root"
        rm -rf etc/goodstanding etc/systemd/system/goodstanding.service.d var/lib/goodstanding \\
            var/lib/private/goodstanding var/log/journal etc/systemd/system/network-online.target.wants \\
            lib/systemd/system/network-online.target.wants
        # Started as often as here, systemd says more than the journal takes of one speaker.
        mkdir -p etc/systemd/journald.conf.d
        printf '[Journal]\\nRateLimitIntervalSec=0\\n' >etc/systemd/journald.conf.d/all.conf
        cd /

        # Control groups of its own: two runs of these tests must not meet in one, and only these are removed.
        for top in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
            [ -e "$top/cgroup.procs" ] || continue
            mkdir "$top/goodstanding-$$"
            groups="$groups $top/goodstanding-$$"
        done

        nspawn() {
            (
                for group in $groups; do echo 0 >"$group/cgroup.procs"; done
                export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
                exec setsid systemd-nspawn --directory="$root" --machine="goodstanding-$$" --register=no --keep-unit \\
                    --private-network --link-journal=no --console=passive "$@" </dev/null
            ) &
            container=$!
        }
        """
}
