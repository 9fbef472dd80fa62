import { quote } from '../../../host/index.ts';
import type { Image, User } from '../../../image/index.ts';
import { type Step, words } from '../script.ts';

/** Makes or changes the accounts: group, home, password, keys, sudo. Running it again changes nothing. */
export function usersStep({ users }: Image): Step | undefined {
  if (users.length === 0) return undefined;
  const names = users.map(({ name }) => name);
  return { name: 'users', title: `users ${names.join(', ')}`, script: functions + users.map(lines).join('\n') };
}

// A user of the same name as a group that is there joins it, since useradd -U would refuse.
const functions = `# account NAME UID HOME SHELL COMMENT
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
  useradd -m $main \${2:+-u "$2"} -d "$3" -s "$4" -c "$5" "$1"
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
  printf '%s ALL=(ALL:ALL) NOPASSWD: ALL\\n' "$1" > "/etc/sudoers.d/$1"
  chmod 0440 "/etc/sudoers.d/$1"
}
`;

function lines({ name, uid, home, shell, comment, groups, password, keys, sudo }: User): string {
  // No password has the hash `*`; unlike `!` it lets sshd accept keys whatever its configuration (shadow(5), sshd(8)).
  const hash = password === 'locked' ? '*' : password;
  const result = [
    `account ${name} '${uid ?? ''}' ${quote(home)} ${quote(shell)} ${comment === '' ? "''" : quote(comment)}`,
    `usermod -p ${quote(hash)} ${name}`,
  ];
  if (groups.length > 0) result.push(`member ${name} ${words(groups)}`);
  if (keys.length > 0) result.push(`keys ${name} <<'END_OF_FILE'\n${keys.join('\n')}\nEND_OF_FILE`);
  if (sudo) result.push(`may_sudo ${name}`);
  return result.join('\n');
}
