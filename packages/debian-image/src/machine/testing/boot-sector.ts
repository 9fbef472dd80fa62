/** What such a sector says. */
export const bootWords = 'hello from the disk';

/** The code of a boot sector that says so on the first serial port of a PC and stops: 446 bytes, so that a partition table fits behind. */
export function bootCode(): Buffer {
  const sector = Buffer.alloc(446);
  const code = [
    [0x31, 0xc0, 0x8e, 0xd8], // xor ax,ax; mov ds,ax
    [0xbe, 0x20, 0x7c], // mov si,0x7c20
    [0xba, 0xf8, 0x03], // mov dx,0x3f8
    [0xac, 0x84, 0xc0, 0x74, 0x03, 0xee, 0xeb, 0xf8], // next: lodsb; test al,al; jz end; out dx,al; jmp next
    [0xf4, 0xeb, 0xfd], // end: hlt; jmp end
  ];
  Buffer.from(code.flat()).copy(sector);
  sector.write(`${bootWords}\r\n`, 0x20);
  return sector;
}
