#!/bin/sh
# Takes away what nobody reads on a server, and tells dpkg to leave it out of what is installed later. Copyright files stay, as licences ask.
set -eu

# Languages that the image has locales of keep their translations: fr_FR.UTF-8 keeps fr and fr_FR.
languages=$(sed -n 's/^\([a-z][a-z]*\)[_. @].*/\1/p' /etc/locale.gen 2>/dev/null | sort -u)

{
  for folder in doc man info lintian locale; do echo "path-exclude=/usr/share/$folder/*"; done
  echo 'path-include=/usr/share/doc/*/copyright'
  echo 'path-include=/usr/share/locale/locale.alias'
  for language in $languages; do
    echo "path-include=/usr/share/locale/$language/*"
    echo "path-include=/usr/share/locale/${language}_*"
    echo "path-include=/usr/share/locale/$language@*"
  done
} > /etc/dpkg/dpkg.cfg.d/slim

empty() { [ ! -d "$1" ] || find "$1" -mindepth 1 -delete; }
for folder in /usr/share/man /usr/share/info /usr/share/lintian /var/cache/man; do empty "$folder"; done

# A package's folder may be a link to that of another, with the copyright file in it.
find /usr/share/doc -mindepth 2 ! -type d ! -name copyright -delete
find /usr/share/doc -mindepth 1 -type d -empty -delete

for folder in /usr/share/locale/*/; do
  name=$(basename "$folder")
  keep=no
  for language in $languages; do
    case $name in "$language" | "$language"_* | "$language"@*) keep=yes ;; esac
  done
  [ "$keep" = yes ] || rm -rf "$folder"
done
