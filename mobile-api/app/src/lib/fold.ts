// One form of all ways to write the same: width, case, kana and accents do not matter when somebody looks for a name.

/** `ｱｵｷ`, `アオキ` and `あおき` become one; so do `É` and `e`. */
export function fold(text: string): string {
  const flat = text.normalize('NFKC').toLowerCase().normalize('NFD');
  // Accents of Latin letters fall away; the voicing marks of kana (U+3099, U+309A) are letters and stay.
  const bare = flat.replace(/[\u0300-\u036f]/g, '').normalize('NFC');
  return bare.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60)).replace(/\s+/g, ' ').trim();
}

/** Whether a folded text holds every word that is looked for. */
export function holds(folded: string, wanted: string): boolean {
  return fold(wanted)
    .split(' ')
    .every((word) => folded.includes(word));
}
