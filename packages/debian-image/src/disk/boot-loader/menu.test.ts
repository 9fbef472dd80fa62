import { expect, it } from 'vitest';
import { grubMenu, kernelLinks } from './menu.ts';

const menu = (boot = kernelLinks): string =>
  grubMenu({ rootUuid: 'c9454859-247d-87fe-877e-a4aeb86380f2', boot, commandLine: 'console=ttyS0' });

it('finds the root by its UUID and starts what the links of the kernel packages name', () => {
  expect(menu()).toMatchInlineSnapshot(`
    "search --no-floppy --fs-uuid --set=root c9454859-247d-87fe-877e-a4aeb86380f2
    if [ "$grub_platform" = pc ]; then
      if serial --unit=0 --speed=115200; then
        terminal_input --append serial
        terminal_output --append serial
      fi
    fi
    if [ -s /boot/grub/grub.cfg ]; then
      set prefix=($root)/boot/grub
      configfile /boot/grub/grub.cfg
    fi
    set kernel=/vmlinuz
    set ramdisk=/initrd.img
    if [ ! -e $kernel ]; then
      set kernel=/vmlinuz
      set ramdisk=/initrd.img
    fi
    set timeout_style=hidden
    set timeout=1
    menuentry 'Debian' {
      linux $kernel root=UUID=c9454859-247d-87fe-877e-a4aeb86380f2 console=ttyS0
      initrd $ramdisk
    }
    menuentry 'Debian with the kernel before' {
      linux /vmlinuz.old root=UUID=c9454859-247d-87fe-877e-a4aeb86380f2 console=ttyS0
      initrd /initrd.img.old
    }
    "
  `);
});

it('starts a kernel that was chosen, as long as it is there', () => {
  const chosen = menu({ kernel: '/boot/vmlinuz-6.1.0-9-rt-amd64', ramdisk: '/boot/initrd.img-6.1.0-9-rt-amd64' });
  expect(chosen).toContain(`set kernel=/boot/vmlinuz-6.1.0-9-rt-amd64
set ramdisk=/boot/initrd.img-6.1.0-9-rt-amd64
if [ ! -e $kernel ]; then
  set kernel=/vmlinuz
`);
});
