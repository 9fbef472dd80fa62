import type { Firmware } from '../../debian/boot-loader.ts';
import { releaseOf } from '../../debian/releases.ts';
import type { Image } from '../../image/index.ts';

/** Architectures as OpenStack names them: those of `uname -m` (Glance's useful image properties). */
const machines: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  armhf: 'armv7l',
  armel: 'armv7l',
  i386: 'i686',
  ppc64el: 'ppc64le',
  loong64: 'loongarch64',
};

/**
 * The properties that tell a cloud and its users what an image is: those of SCS-0102-v1 and of Nova's libvirt driver. Those of image.json
 * win. `epoch` is the time of the youngest package in seconds since 1970, so that the same bytes say the same; `firmware` is what starts a bare disk.
 */
export function glanceProperties(image: Image, epoch: number, keep: number, firmware?: readonly Firmware[]): Record<string, string> {
  const release = releaseOf(image.release);
  const admin = image.users.find(({ sudo }) => sudo)?.name ?? 'root';
  return {
    architecture: machines[image.arch] ?? image.arch,
    os_type: 'linux',
    os_distro: 'debian',
    os_version: String(release.version),
    os_admin_user: admin,
    hypervisor_type: 'qemu',
    hw_disk_bus: 'virtio',
    hw_vif_model: 'virtio',
    hw_rng_model: 'virtio',
    // without it a cloud takes the firmware that its machines usually have, which is BIOS
    ...(firmware === undefined || firmware.includes('bios') ? {} : { hw_firmware_type: 'uefi' }),
    image_build_date: new Date(epoch * 1000).toISOString().slice(0, 10),
    image_description: image.description ?? `Debian ${release.version} (${release.name})`,
    image_original_user: admin,
    image_source: 'private',
    replace_frequency: 'critical_bug',
    uuid_validity: keep > 1 ? `last-${keep}` : 'none',
    provided_until: 'none',
    ...image.upload.glance?.properties,
  };
}
