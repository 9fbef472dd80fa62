#!/bin/sh
# Configures a Debian tree from inside. Its one argument is the folder with the files and scripts to put in.
set -eu
stage=$1
umask 022
unset LANG LANGUAGE LC_MESSAGES
export LC_ALL=C HOME=/root DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd /

current=
step() { current=$1; printf '::step %s %s\n' "$1" "$2"; }
note() { printf '::note %s\n' "$1"; }
problem() { printf '::problem %s\n' "$1"; exit 1; }
# unknown KIND NAME: what there is instead comes from standard input, a name on each line.
unknown() { printf '::unknown-%s %s\n' "$1" "$2"; sort -u | sed 's/^/::candidate /'; exit 1; }
# write PATH: standard input into a file; its folder is made where it is missing.
write() { mkdir -p "$(dirname "$1")"; cat > "$1"; }
failed() { status=$?; [ "$status" = 0 ] || printf '::failed %s %s\n' "$status" "$current"; exit "$status"; }
trap failed EXIT

step put-aside 'putting the initial ramdisk off to the end'
(
for program in /usr/sbin/update-initramfs; do
  [ -x "$program" ] && ! grep -q 'does nothing while the image is made' "$program" || continue
  mv "$program" "$program.put-aside"
  printf '#!/bin/sh\n# does nothing while the image is made\nexit 0\n' > "$program"
  chmod 755 "$program"
done
)

step packages 'looking for missing packages'
(
missing=
for package in openssh-server vim; do
  case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || :) in
    *' ok installed') ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0
note "installing$missing"
# Services of new packages must not start here: https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
policy=/usr/sbin/policy-rc.d
ours=
[ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' > "$policy"; chmod 755 "$policy"; ours=yes; }
apt-get update
apt-get install -y --no-install-recommends $missing
[ -z "$ours" ] || rm "$policy"
)

step locales 'generating fr_FR.UTF-8, en_US.UTF-8'
(
supported=/usr/share/i18n/SUPPORTED
[ -r "$supported" ] || problem 'locales need the package locales, which is not in the image'
: > /etc/locale.gen
for name in fr_FR.UTF-8 en_US.UTF-8; do
  awk -v name="$name" '$1 == name { print; found = 1; exit } END { exit !found }' "$supported" >> /etc/locale.gen ||
    cut -d ' ' -f 1 "$supported" | unknown locale "$name"
done
# As locale-gen does it, but side by side: the archive is the same in half the time.
made=$(mktemp -d)
while read -r name charset; do
  input=$name
  [ -f "/usr/share/i18n/locales/$input" ] || input=$(echo "$name" | sed 's/\([^.]*\)[^@]*\(.*\)/\1\2/')
  localedef --no-archive -i "$input" -c -f "$charset" -A /usr/share/locale/locale.alias "$made/$name" &
done < /etc/locale.gen
wait
rm -f /usr/lib/locale/locale-archive
while read -r name charset; do localedef --add-to-archive "$made/$name"; done < /etc/locale.gen
rm -rf "$made"
write /etc/default/locale <<'END_OF_FILE'
LANG=en_US.UTF-8
END_OF_FILE
)

step timezone 'time zone Europe/Paris'
(
zone=/usr/share/zoneinfo/Europe/Paris
if [ ! -d /usr/share/zoneinfo ]; then
  problem 'a time zone other than UTC needs the package tzdata, which is not in the image'
fi
[ -f "$zone" ] || (cd /usr/share/zoneinfo && find . -type f | sed 's|^\./||' | grep '^[A-Z]') | unknown timezone Europe/Paris
rm -f /etc/localtime
ln -s "$zone" /etc/localtime
printf '%s\n' Europe/Paris > /etc/timezone
)

step hostname 'host name web'
(
write /etc/hostname <<'END_OF_FILE'
web
END_OF_FILE
write /etc/hosts <<'END_OF_FILE'
127.0.0.1 localhost
127.0.1.1 web
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
END_OF_FILE
)

step modules 'kernel modules virtio-balloon, acpiphp'
(
kernel=$(ls /lib/modules 2>/dev/null | sort -V | tail -n 1)
[ -n "$kernel" ] || problem 'modules need a kernel, and none is in the image'
module_names() { sed 's|.*/||; s|\.ko.*$||' | tr - _; }
built_in=$(cat "/lib/modules/$kernel/modules.builtin" 2>/dev/null | module_names)
loadable=$(find "/lib/modules/$kernel/" -name '*.ko' -o -name '*.ko.?z' -o -name '*.ko.zst' | module_names)
has() { printf '%s\n' "$1" | grep -qx "$2"; }
option_is_built_in() {
  case $1 in
    acpiphp) option=CONFIG_HOTPLUG_PCI_ACPI ;;
    pciehp) option=CONFIG_HOTPLUG_PCI_PCIE ;;
    *) return 1 ;;
  esac
  grep -qx "$option=y" "/boot/config-$kernel" 2>/dev/null
}
load=
for name in virtio_balloon acpiphp; do
  if has "$loadable" "$name"; then
    load="$load $name"
  elif has "$built_in" "$name" || option_is_built_in "$name"; then
    note "$name is built into this kernel; nothing to load"
  else
    printf '%s\n' "$loadable" "$built_in" | unknown module "$name"
  fi
done
[ -n "$load" ] || exit 0
for name in $load; do
  grep -qx "$name" /etc/initramfs-tools/modules 2>/dev/null || printf '%s\n' "$name" >> /etc/initramfs-tools/modules
done
printf '%s\n' $load | write /etc/modules-load.d/image.conf
)

step fstab 'file systems'
(
write /etc/fstab <<'END_OF_FILE'
LABEL=root / ext4 errors=remount-ro 0 1
END_OF_FILE
write /etc/initramfs-tools/conf.d/image.conf <<'END_OF_FILE'
FSTYPE=ext4
END_OF_FILE
)

step network 'DHCP on the network cards'
(
if [ -x /sbin/ifup ]; then
if [ -e /etc/systemd/network/80-dhcp.network ]; then
  rm /etc/systemd/network/80-dhcp.network
  systemctl disable systemd-networkd.service
fi
client=
for program in /sbin/dhclient /sbin/dhclient3 /usr/sbin/dhcpcd /sbin/dhcpcd /sbin/udhcpc; do
  [ ! -x "$program" ] || client=$program
done
[ -n "$client" ] || problem 'network "dhcp" needs a DHCP client such as the package isc-dhcp-client or dhcpcd-base'
write /etc/network/interfaces <<'END_OF_FILE'
source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback

# The first card, whether its name is eth0 or enp1s0.
auto /e*/1=first
iface first inet dhcp
END_OF_FILE
write /etc/systemd/system/ifupdown-pre.service.d/wait-for-cards.conf <<'END_OF_FILE'
[Service]
ExecStart=
ExecStart=-/bin/sh -c 'for card in /sys/class/net/e*; do read -r index <$$card/ifindex && [ -e /run/udev/data/n$$index ] || exec udevadm settle --timeout=170; done'
END_OF_FILE
else
[ -x /lib/systemd/systemd-networkd ] || problem 'network "dhcp" needs systemd-networkd or the package ifupdown, and neither is in the image'
write /etc/systemd/network/80-dhcp.network <<'END_OF_FILE'
[Match]
Name=en* eth*

[Network]
DHCP=yes

[DHCPv4]
ClientIdentifier=mac
END_OF_FILE
write /etc/systemd/system/systemd-networkd-wait-online.service.d/any.conf <<'END_OF_FILE'
# One card with an address is enough.
[Service]
ExecStart=
ExecStart=/lib/systemd/systemd-networkd-wait-online --any
END_OF_FILE
systemctl enable systemd-networkd.service
if [ -x /lib/systemd/systemd-resolved ]; then
  systemctl enable systemd-resolved.service
  ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
else
  note 'systemd-networkd does not write /etc/resolv.conf: without the package systemd-resolved no host names are found'
fi
fi
)

step console 'login on ttyS0'
(
write /etc/systemd/system/serial-getty@.service.d/at-once.conf <<'END_OF_FILE'
[Service]
Type=simple
END_OF_FILE
systemctl enable serial-getty@ttyS0.service
)

step grow-root 'the root file system grows at boot'
(
[ -x /sbin/resize2fs ] || problem 'growRoot needs the package e2fsprogs, which is not in the image'
[ -x /sbin/sfdisk ] || note 'without the package fdisk the root file system grows only where it is a whole disk, not a partition'
write /usr/local/sbin/grow-root <<'END_OF_FILE'
#!/bin/sh
# Lets the root file system grow to the end of its disk. Does nothing where it reaches it.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin

# Reads what "sfdisk --dump" says: partition $1 gets all the room behind it, and the table may use the whole disk.
table_with_room_for() {
  sed -e '/^last-lba:/d' -e "\\|^$1 :|s/ size= *[0-9]*,//"
}

grow_partition() {
  system=$(readlink -f "$system")
  disk=$(basename "$(dirname "$system")")
  end=$(($(cat "$system/start") + $(cat "$system/size")))
  for start in "/sys/class/block/$disk"/*/start; do
    [ "$(cat "$start")" -lt "$end" ] || return 0
  done
  # A gap of 1 MiB is what alignment and the second table at the end of the disk may take.
  [ $(($(cat "/sys/class/block/$disk/size") - end)) -gt 2048 ] || return 0
  command -v sfdisk > /dev/null || { echo "grow-root: sfdisk is missing, so the partition stays as it is"; return 0; }
  table=$(sfdisk --dump "/dev/$disk" | table_with_room_for "$device")
  printf '%s\n' "$table" | sfdisk --quiet --force --no-reread --no-tell-kernel "/dev/$disk"
  partx --update --nr "$(cat "$system/partition")" "/dev/$disk"
}

while read -r _ _ number _ point _; do
  [ "$point" != / ] || system=/sys/dev/block/$number
done < /proc/self/mountinfo
while IFS='=' read -r key value; do
  [ "$key" != DEVNAME ] || device=/dev/$value
done < "$system/uevent"
if [ -e "$system/partition" ]; then grow_partition; fi
resize2fs "$device"
END_OF_FILE
chmod 0755 /usr/local/sbin/grow-root
write /etc/systemd/system/grow-root.service <<'END_OF_FILE'
[Unit]
Description=Let the root file system grow to its disk
DefaultDependencies=no
Conflicts=shutdown.target
After=systemd-remount-fs.service
Before=local-fs.target systemd-sysusers.service systemd-random-seed.service sysinit.target shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/grow-root

[Install]
WantedBy=local-fs.target
END_OF_FILE
systemctl enable grow-root.service
)

step ssh-host-keys 'SSH host keys at the first boot'
(
[ -x /usr/sbin/sshd ] || exit 0
write /etc/systemd/system/ssh-host-keys.service <<'END_OF_FILE'
[Unit]
Description=Make the SSH host keys of this machine
DefaultDependencies=no
After=local-fs.target
Before=ssh.service ssh.socket shutdown.target
Conflicts=shutdown.target
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A

[Install]
WantedBy=multi-user.target
END_OF_FILE
systemctl enable ssh-host-keys.service
)

step users 'users admin, root'
(
# account NAME UID HOME SHELL COMMENT
account() {
  [ -x "$4" ] || { cat /etc/shells 2>/dev/null || :; } | unknown shell "$4"
  if grep -q "^$1:" /etc/passwd; then
    usermod -s "$4" "$1"
    [ -z "$5" ] || usermod -c "$5" "$1"
    [ -z "$2" ] || [ "$(id -u "$1")" = "$2" ] || usermod -u "$2" "$1"
    return
  fi
  main=-U
  ! grep -q "^$1:" /etc/group || main="-g $1"
  useradd -m $main ${2:+-u "$2"} -d "$3" -s "$4" -c "$5" "$1"
}
# member NAME GROUP...
member() {
  name=$1
  shift
  for group in "$@"; do
    grep -q "^$group:" /etc/group || cut -d : -f 1 /etc/group | unknown group "$group"
    usermod -a -G "$group" "$name"
  done
}
# keys NAME: lines for authorized_keys from standard input.
keys() {
  home=$(awk -F : -v name="$1" '$1 == name { print $6 }' /etc/passwd)
  install -d -m 0700 "$home/.ssh"
  cat > "$home/.ssh/authorized_keys"
  chmod 0600 "$home/.ssh/authorized_keys"
  chown -R "$1:$(id -gn "$1")" "$home/.ssh"
}
# may_sudo NAME
may_sudo() {
  [ -d /etc/sudoers.d ] || problem "users: $1 has sudo, but the package sudo is not in the image"
  printf '%s ALL=(ALL:ALL) NOPASSWD: ALL\n' "$1" > "/etc/sudoers.d/$1"
  chmod 0440 "/etc/sudoers.d/$1"
}
account admin '1000' /home/admin /bin/bash 'The admin'\''s'
usermod -p '*' admin
member admin adm
keys admin <<'END_OF_FILE'
ssh-ed25519 AAAA you@example.org
END_OF_FILE
may_sudo admin
account root '' /root /bin/bash ''
usermod -p '*' root
keys root <<'END_OF_FILE'
ssh-ed25519 AAAA you@example.org
END_OF_FILE
)

step initramfs 'making the initial ramdisk'
(
for program in /usr/sbin/update-initramfs; do
  [ -e "$program.put-aside" ] || continue
  if grep -q 'does nothing while the image is made' "$program"; then mv "$program.put-aside" "$program"; else rm "$program.put-aside"; fi
done
for kernel in /boot/vmlinu[xz]-*; do
  [ -e "$kernel" ] || continue
  version=${kernel#/boot/vmlinu?-}
  rm -f "/boot/initrd.img-$version" "/var/lib/initramfs-tools/$version"
  ZSTD_NBTHREADS=0 update-initramfs -c -k "$version"
done
)

step cleanup 'cleaning up'
(
# empty FOLDER...: everything in it goes, the folder stays.
empty() {
  for folder in "$@"; do
    [ ! -d "$folder" ] || find "$folder" -xdev -mindepth 1 -depth -delete
  done
}
# files FOLDER TEST...: the plain files that the tests of find(1) choose go.
files() {
  [ ! -d "$1" ] || find "$@" -type f -exec rm -f {} +
}

# Packages and their databases.
files /var/lib/apt/lists
files /var/cache/apt
files /var/lib/dpkg -name '*-old'
files /var/cache/debconf -name '*-old'
files /etc -name '*.dpkg-old'
rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-
rm -f /var/cache/ldconfig/aux-cache
files /var/cache/man

# Logs: those that programs expect stay, empty.
empty /var/log/journal
files /var/log '(' -name '*.gz' -o -name '*.[0-9]' -o -name '*.old' ')'
rm -f /var/log/bootstrap.log /var/log/dpkg.log /var/log/alternatives.log /var/log/fontconfig.log /var/log/apt/*.log* /var/log/apt/*.xz
find /var/log -type f -size +0 -exec sh -c 'for log; do : > "$log"; done' sh {} +

# What people and machines leave.
empty /tmp /var/tmp
rm -f /root/.*_history /home/*/.*_history /root/.lesshst /root/.viminfo /root/.wget-hsts
rm -f /etc/udev/rules.d/70-persistent-net.rules /etc/udev/rules.d/70-persistent-cd.rules
files /var/lib/dhcp
files /var/lib/dhcp3
files /var/lib/dhcpcd
rm -f /var/lib/systemd/random-seed /var/lib/systemd/credential.secret /var/lib/urandom/random-seed
rm -f /etc/ssh/ssh_host_*

: > /etc/machine-id
[ ! -d /var/lib/dbus ] || ln -sfn /etc/machine-id /var/lib/dbus/machine-id

# The day on which a password was set is the day of the build: forget it. No password here ever expires.
sed -i 's/^\([^:]*:[^:]*\):[0-9]*:/\1::/' /etc/shadow

# Only a file of the tree, never one that is mounted over it; a link belongs to systemd-resolved, whose package keeps the file before.
rm -f /etc/.resolv.conf.systemd-resolved.bak
if [ ! -L /etc/resolv.conf ] && ! grep -q ' /etc/resolv.conf ' /proc/mounts; then
  rm -f /etc/resolv.conf
  : > /etc/resolv.conf
fi
)
#!/bin/sh
# Configures a Debian tree from inside. Its one argument is the folder with the files and scripts to put in.
set -eu
stage=$1
umask 022
unset LANG LANGUAGE LC_MESSAGES
export LC_ALL=C HOME=/root DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd /

current=
step() { current=$1; printf '::step %s %s\n' "$1" "$2"; }
note() { printf '::note %s\n' "$1"; }
problem() { printf '::problem %s\n' "$1"; exit 1; }
# unknown KIND NAME: what there is instead comes from standard input, a name on each line.
unknown() { printf '::unknown-%s %s\n' "$1" "$2"; sort -u | sed 's/^/::candidate /'; exit 1; }
# write PATH: standard input into a file; its folder is made where it is missing.
write() { mkdir -p "$(dirname "$1")"; cat > "$1"; }
failed() { status=$?; [ "$status" = 0 ] || printf '::failed %s %s\n' "$status" "$current"; exit "$status"; }
trap failed EXIT

step watch 'noting what the initial ramdisk is made of'
(
fingerprint() {
  find / -xdev '(' -path /boot -o -path /home -o -path /opt -o -path /srv -o -path /tmp -o -path /var/cache -o -path /var/lib/apt -o -path /var/log -o -path /var/mail -o -path /var/spool -o -path /var/tmp -o -path /var/www -o -path /usr/share/doc -o -path /usr/share/info -o -path /usr/share/locale -o -path /usr/share/man -o -path /usr/lib/locale -o -path /usr/local/share -o -path /usr/local/src -o -path /etc/issue -o -path /etc/issue.net -o -path /etc/motd -o -path /etc/update-motd.d -o -path /etc/profile.d -o -path /etc/skel -o -path /etc/ssh -o -path /etc/cron.d -o -path /usr/sbin/update-initramfs -o -path /usr/sbin/update-initramfs.put-aside ')' -prune -o ! -type d -printf '%i %C@ %p\n' | LC_ALL=C sort
}
fingerprint > /tmp/initramfs.noted
for program in /usr/sbin/update-initramfs; do
  [ -x "$program" ] && ! grep -q 'does nothing while the image is made' "$program" || continue
  mv "$program" "$program.put-aside"
  printf '#!/bin/sh\n# does nothing while the image is made\nexit 0\n' > "$program"
  chmod 755 "$program"
done
)

step files 'putting in 2 files'
(
owner_known() {
  grep -q "^$1:" /etc/passwd || cut -d : -f 1 /etc/passwd | unknown user "$1"
  group=$2
  [ -n "$group" ] || group=$(id -gn "$1")
  grep -q "^$group:" /etc/group || cut -d : -f 1 /etc/group | unknown group "$group"
}
# file OWNER GROUP MODE STAGED TARGET
file() {
  owner_known "$1" "$2"
  [ ! -d "$5" ] || problem "files: $5 is a folder in the image; a target that ends with / puts the file into it"
  mkdir -p "$(dirname "$5")"
  install -T -o "$1" -g "$group" -m "$3" "$stage/$4" "$5"
}
# folder OWNER GROUP MODE TARGET: one that is there keeps its owner and mode.
folder() {
  owner_known "$1" "$2"
  [ -d "$4" ] || install -d -o "$1" -g "$group" -m "$3" "$4"
}
# link OWNER GROUP TEXT TARGET
link() {
  owner_known "$1" "$2"
  mkdir -p "$(dirname "$4")"
  ln -sfn "$3" "$4"
  chown -h "$1:$group" "$4"
}
folder root root 0755 /etc/web
file admin '' 0600 files/1 '/etc/web/a b'
link root root 'a b' /etc/web/c
)

step services services
(
units() { find /etc/systemd/system /lib/systemd/system /usr/lib/systemd/system -name '*.*' 2>/dev/null | sed 's|.*/||'; ls /etc/init.d | sed 's|$|.service|'; }
known() {
  case $1 in
    *.service | *.socket | *.timer | *.target | *.path | *.mount) unit=$1 ;;
    *) unit=$1.service ;;
  esac
  template=$(printf '%s\n' "$unit" | sed 's|@.*\.|@.|')
  units | grep -qxF "$template" || units | sed 's|\.service$||' | unknown service "$1"
}
for name in ssh; do
  known "$name"
  systemctl enable "$unit"
done
for name in cron; do
  known "$name"
  systemctl disable "$unit"
done
for name in rpcbind; do
  systemctl mask "$name"
done
)

step script-1 'running scripts/motd.sh'
(
export IMAGE_NAME=example IMAGE_RELEASE=bookworm IMAGE_ARCH=amd64
script="$stage"/scripts/0/motd.sh
case $(head -n 1 "$script") in
  '#!'*) "$script" ;;
  *) sh "$script" ;;
esac
)

step initramfs 'the initial ramdisk'
(
for program in /usr/sbin/update-initramfs; do
  [ -e "$program.put-aside" ] || continue
  if grep -q 'does nothing while the image is made' "$program"; then mv "$program.put-aside" "$program"; else rm "$program.put-aside"; fi
done
fingerprint() {
  find / -xdev '(' -path /boot -o -path /home -o -path /opt -o -path /srv -o -path /tmp -o -path /var/cache -o -path /var/lib/apt -o -path /var/log -o -path /var/mail -o -path /var/spool -o -path /var/tmp -o -path /var/www -o -path /usr/share/doc -o -path /usr/share/info -o -path /usr/share/locale -o -path /usr/share/man -o -path /usr/lib/locale -o -path /usr/local/share -o -path /usr/local/src -o -path /etc/issue -o -path /etc/issue.net -o -path /etc/motd -o -path /etc/update-motd.d -o -path /etc/profile.d -o -path /etc/skel -o -path /etc/ssh -o -path /etc/cron.d -o -path /usr/sbin/update-initramfs -o -path /usr/sbin/update-initramfs.put-aside ')' -prune -o ! -type d -printf '%i %C@ %p\n' | LC_ALL=C sort
}
if fingerprint | cmp -s - /tmp/initramfs.noted; then
  note 'stays: nothing that it is made of has changed'
  exit 0
fi
note 'is made again'
for kernel in /boot/vmlinu[xz]-*; do
  [ -e "$kernel" ] || continue
  version=${kernel#/boot/vmlinu?-}
  rm -f "/boot/initrd.img-$version" "/var/lib/initramfs-tools/$version"
  ZSTD_NBTHREADS=0 update-initramfs -c -k "$version"
done
)

step cleanup 'cleaning up'
(
# empty FOLDER...: everything in it goes, the folder stays.
empty() {
  for folder in "$@"; do
    [ ! -d "$folder" ] || find "$folder" -xdev -mindepth 1 -depth -delete
  done
}
# files FOLDER TEST...: the plain files that the tests of find(1) choose go.
files() {
  [ ! -d "$1" ] || find "$@" -type f -exec rm -f {} +
}

# Packages and their databases.
files /var/lib/apt/lists
files /var/cache/apt
files /var/lib/dpkg -name '*-old'
files /var/cache/debconf -name '*-old'
files /etc -name '*.dpkg-old'
rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-
rm -f /var/cache/ldconfig/aux-cache
files /var/cache/man

# Logs: those that programs expect stay, empty.
empty /var/log/journal
files /var/log '(' -name '*.gz' -o -name '*.[0-9]' -o -name '*.old' ')'
rm -f /var/log/bootstrap.log /var/log/dpkg.log /var/log/alternatives.log /var/log/fontconfig.log /var/log/apt/*.log* /var/log/apt/*.xz
find /var/log -type f -size +0 -exec sh -c 'for log; do : > "$log"; done' sh {} +

# What people and machines leave.
empty /tmp /var/tmp
rm -f /root/.*_history /home/*/.*_history /root/.lesshst /root/.viminfo /root/.wget-hsts
rm -f /etc/udev/rules.d/70-persistent-net.rules /etc/udev/rules.d/70-persistent-cd.rules
files /var/lib/dhcp
files /var/lib/dhcp3
files /var/lib/dhcpcd
rm -f /var/lib/systemd/random-seed /var/lib/systemd/credential.secret /var/lib/urandom/random-seed
rm -f /etc/ssh/ssh_host_*

: > /etc/machine-id
[ ! -d /var/lib/dbus ] || ln -sfn /etc/machine-id /var/lib/dbus/machine-id

# The day on which a password was set is the day of the build: forget it. No password here ever expires.
sed -i 's/^\([^:]*:[^:]*\):[0-9]*:/\1::/' /etc/shadow

# Only a file of the tree, never one that is mounted over it; a link belongs to systemd-resolved, whose package keeps the file before.
rm -f /etc/.resolv.conf.systemd-resolved.bak
if [ ! -L /etc/resolv.conf ] && ! grep -q ' /etc/resolv.conf ' /proc/mounts; then
  rm -f /etc/resolv.conf
  : > /etc/resolv.conf
fi
)
