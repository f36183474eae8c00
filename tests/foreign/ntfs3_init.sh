#!/bin/busybox sh
# The only process of the user-mode kernel that judge_disk.sh starts: mounts /dev/ubda with the kernel's own NTFS driver.
# From the kernel's command line: judge_out = a folder of the host for the results; judge_mode = read | write.
# read:  names (every path), sums (sha256sum of every file)     write: what it wrote, or why it could not
# Both:  complaints, empty when neither the driver nor a program had any.
box=/bin/busybox
$box mount -t proc proc /proc
for word in $($box cat /proc/cmdline); do
  case "$word" in judge_*) eval "$word" ;; esac
done
$box mount -t devtmpfs dev /dev
$box mount -t tmpfs tmpfs /mnt
$box mkdir /mnt/volume

read_all() {
  $box mount -t ntfs3 -o ro,iocharset=utf8 /dev/ubda /mnt/volume || return
  cd /mnt/volume || return
  $box find . -print0 | $box xargs -0 $box stat -c %n >"$judge_out/names"
  $box find . -type f -print0 | $box xargs -0 $box sha256sum >"$judge_out/sums"
  cd /
  $box umount /mnt/volume
}

# New files in a new folder, one large enough to need clusters, one renamed, one deleted; then looks again.
write_some() {
  $box mount -t ntfs3 -o rw,iocharset=utf8 /dev/ubda /mnt/volume || return
  $box mkdir /mnt/volume/written || return
  cd /mnt/volume/written || return
  $box dd if=/dev/zero of=large bs=64k count=4 2>/dev/null || $box echo "cannot write large"
  for number in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do $box echo "file $number" >"file$number" || break; done
  $box mv file7 "renamed file" || $box echo "cannot rename"
  $box rm file8 || $box echo "cannot remove"
  cd /
  $box umount /mnt/volume || $box echo "cannot unmount"
  $box mount -t ntfs3 -o ro,iocharset=utf8 /dev/ubda /mnt/volume || return
  $box ls /mnt/volume/written | $box tr '\n' ' ' >"$judge_out/written"
  $box umount /mnt/volume
}

case "$judge_mode" in
  read) read_all ;;
  write) write_some ;;
esac >"$judge_out/complaints" 2>&1
$box dmesg | $box grep ntfs3: | $box grep -v 'Read-only LZX/Xpress compression included' >>"$judge_out/complaints"
$box touch "$judge_out/done"
$box poweroff -f
