/** Modules that a kernel may have built in without listing them in modules.builtin, by the option that says so in /boot/config-*. */
export const builtInOptions: Readonly<Record<string, string>> = { acpiphp: 'HOTPLUG_PCI_ACPI', pciehp: 'HOTPLUG_PCI_PCIE' };
