// A table as a file that spreadsheets open. A text that a spreadsheet would take for a formula is kept a text: what others
// wrote of themselves must not compute on whoever opens it.

/** What a formula begins with, also in full width; some programs look past spaces and line ends. */
const FORMULA = /^[\s\u0000-\u001f]*[=+\-@＝＋－＠]/u;

/** A cell: numbers as they are, texts in quotes. */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const plain = FORMULA.test(value) ? `'${value}` : value;
  return `"${plain.replaceAll('"', '""')}"`;
}

/** Lines end as RFC 4180 has it; the mark in front tells spreadsheets that it is UTF-8. */
export function csv(head: readonly string[], rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** Hands a text to the browser as a file to keep. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
