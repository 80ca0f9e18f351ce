/** A field, quoted or not, and what ends it (RFC 4180). */
const FIELD = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;

/** The rows of a CSV text. @throws where a quotation mark stands inside an unquoted field or a quoted one does not end */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length) {
    const start = FIELD.lastIndex;
    const [, field = '', end] = FIELD.exec(text) ?? refuse(text, start);
    row.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return row.length === 0 ? rows : [...rows, [...row, '']];
}

function refuse(text: string, at: number): never {
  throw new Error(`not CSV, from "${text.slice(at, at + 40)}" on`);
}
