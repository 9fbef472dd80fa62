import { join } from 'node:path';
import { command, isRoot, run } from '../../host/index.ts';

/** For tests: makes a tree of a static busybox, setcap and files of every kind in a folder; gives it as a tar. */
export async function makeTinyTree(folder: string): Promise<string> {
  const namespace = isRoot() ? [] : ['unshare', '--map-root-user', '--map-auto'];
  const [program, ...args] = [...namespace, 'sh', '-euc', make, 'make', folder];
  await run(command(program!, args), { doing: 'making a tiny tree' });
  return join(folder, 'tree.tar');
}

const make = `cd "$1"
mkdir tree
cd tree
mkdir -p bin etc proc sys run tmp dev usr/sbin usr/lib/dev 'a b' hard 'old/sub/more' again to-file to-link target taken/deep taker/deep
for name in busybox setcap getcap; do
  program=$(command -v $name)
  cp "$program" bin/
  for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ ]*'); do
    mkdir -p ".\${library%/*}"
    cp "$library" ".$library"
  done
done
for program in sh env chmod chown touch mv ln rm cp mkfifo mkdir tee sleep; do ln -s busybox bin/$program; done
for name in hostname one mode owner back three; do echo $name >etc/$name; done
echo content >usr/lib/dev/inside
echo content >'a b/größe $HOME'
echo content >'a b/back\\101slash\\t'
echo content >hard/first
ln hard/first hard/second
echo content >hard/third
ln hard/third hard/fourth
ln -s first hard/symbolic
echo content | tee old/file old/sub/more/file again/old to-file/file to-link/file target/file from-file >/dev/null
echo taken >taken/deep/file
echo taker >taker/deep/file
cp bin/busybox bin/kept
chown 1000:1000 etc/mode
chmod 4755 bin/kept
touch -d @1000000000 etc/* taken/deep/file taker/deep/file
bin/setcap cap_net_bind_service+ep bin/getcap
tar --create --file ../tree.tar --format=pax --numeric-owner --sort=name --xattrs '--xattrs-include=*' .
cd ..
rm -r tree`;

/** For tests: a script for such a tree that changes it in every way that a layer must keep. */
export const changeEverything = `set -eu
PATH=$PATH:/bin
echo more >>/etc/one
chmod 600 /etc/mode
chown 7:8 /etc/owner
echo changed >/etc/back
touch -d @1000000000 /etc/back
mv /etc/three '/etc/drei ä'
setcap cap_net_raw+ep /bin/setcap
echo more >>/usr/lib/dev/inside
echo new >'/a b/neu ü $PATH "x"'
echo new >'/a b/made\\040back\\nslash'
echo new >/-dash
rm '/a b/größe $HOME' '/a b/back\\101slash\\t'
echo more >>/hard/first
ln /hard/second /hard/later
rm /hard/third
ln -sfn second /hard/symbolic
chown -h 3:4 /hard/symbolic
mv /old /renamed
rm -r /taken
mv /taker /taken
rm -r /to-file /to-link /again
echo file >/to-file
ln -s target /to-link
rm /from-file
mkdir /from-file /again
echo new | tee /from-file/inner /again/new >/dev/null
cp /bin/busybox /bin/setuid
chmod 4711 /bin/setuid
mkfifo /fifo
chmod 711 /
sleep 1000 </dev/null >/dev/null 2>&1 &
`;

/** For tests: says every name of such a tree with its type, mode, owner, links, content and capabilities, each line after `= `. */
export const sayTree = `PATH=$PATH:/bin
skip='-path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -name policy-rc.d'
busybox find / -xdev '(' $skip ')' -prune -o -print | busybox sort | while IFS= read -r name; do
  echo "= $name $(busybox stat -c '%A %u:%g' "$name")"
  if [ -L "$name" ]; then echo "= to $(busybox readlink "$name")"; continue; fi
  [ ! -f "$name" ] || echo "= $(busybox stat -c 'links %h' "$name") $(busybox md5sum <"$name")"
done
echo "= $(getcap -r / 2>/dev/null | busybox sort)"
`;
