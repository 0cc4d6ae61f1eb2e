import fc from 'fast-check';
import { expect, it } from 'vitest';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();
const small = 'x,y,kind\n1,2,b\n3,4,a\n5,6,b\n';

function load(text: string | Uint8Array, more = {}) {
  return folder.load({ source: folder.write('x.csv', text), label: 'kind', ...more });
}

function refusal(text: string | Uint8Array, more = {}) {
  return folder.refusal({ source: folder.write('x.csv', text), label: 'kind', ...more });
}

it.each([
  ['plain', small],
  ['with a byte order mark', `\uFEFF${small}`],
  ['with CRLF', small.replaceAll('\n', '\r\n')],
  ['without a last line break', small.trimEnd()],
  ['with blank lines', `\n${small}\n\n`],
  ['with blanks around cells', 'x , y, kind\n 1,2 , b\n3, 4 ,a \n5,6,b\n'],
  ['quoted', '"x","y","kind"\n"1","2","b"\n"3","4","a"\n"5","6","b"\n'],
  ['with the label first', 'kind,x,y\nb,1,2\na,3,4\nb,5,6\n'],
])('reads a file %s', async (_, text) => {
  const { train, classes, shape, outputs, statistics } = await load(text);
  expect([...train.store.inputs]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...train.store.labels!]).toEqual([1, 0, 1]);
  expect({ classes, shape, outputs }).toEqual({ classes: ['a', 'b'], shape: [2], outputs: 2 });
  expect([...statistics.classCounts!]).toEqual([1, 2]);
});

it('orders numeric labels as numbers and others by the alphabet', async () => {
  const of = async (labels: string[]) =>
    (await load(`x,kind\n${labels.map((label) => `1,${label}`).join('\n')}`)).classes;
  expect(await of(['10', '9', '-1', '9'])).toEqual(['-1', '9', '10']);
  expect(await of(['10', '9', 'x', '9'])).toEqual(['10', '9', 'x']);
});

it('reads any numbers and names, however they are quoted', async () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '😀', 'z') });
  const cell = fc.record({ text: name.map((text) => `k${text}k`), quoted: fc.boolean() });
  const row = fc.record({
    numbers: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 3,
      maxLength: 3,
    }),
    label: cell,
    quoteNumbers: fc.boolean(),
  });
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const write = ({ text, quoted }: { text: string; quoted: boolean }) =>
    quoted || /[",\n]/.test(text) ? quote(text) : text;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 2, maxLength: 20 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (rows, newline, end) => {
        fc.pre(new Set(rows.map(({ label }) => label.text)).size > 1);
        const lines = rows.map(({ numbers, label, quoteNumbers }) =>
          [...numbers.map((x) => (quoteNumbers ? quote(String(x)) : String(x))), write(label)].join(
            ',',
          ),
        );
        const text =
          ['a,"b ""quoted"", here",c,kind', ...lines].join(newline) + (end ? newline : '');
        const { train, classes } = await load(text);
        expect([...train.store.inputs]).toEqual(
          rows.flatMap(({ numbers }) => numbers.map((x) => x + 0)),
        );
        expect([...train.store.labels!].map((label) => classes![label])).toEqual(
          rows.map(({ label }) => label.text),
        );
      },
    ),
    { numRuns: 200 },
  );
});

it('reads rows across the boundaries of chunks', async () => {
  const rows = 60_000;
  const lines = Array.from({ length: rows }, (_, i) => `${i},"-${i}.5","${i % 2 ? 'ö,1' : 'é'}"`);
  const { train } = await load(`x,y,kind\r\n${lines.join('\r\n')}`);
  expect(train.store.count).toBe(rows);
  for (let i = 0; i < rows; i++) {
    const { inputs, labels } = train.store;
    const expected = [i, -i - 0.5, i % 2];
    if ([inputs[2 * i], inputs[2 * i + 1], labels![i]].join() !== expected.join()) {
      throw new Error(`row ${i} was read as ${inputs[2 * i]}, ${inputs[2 * i + 1]}, ${labels![i]}`);
    }
  }
});

it('takes missing cells as NaN and counts them', async () => {
  const text = 'x,y,kind\n,2,a\nNA,nan,b\n?,4,a\nnull,-Inf,b\n1e999,  ,a\n7,1e-3,b';
  const { train, statistics } = await load(text);
  const n = Number.NaN;
  expect([...train.store.inputs]).toEqual(
    [n, 2, n, n, n, 4, n, -Infinity, Infinity, n, 7, 1e-3].map(Math.fround),
  );
  expect(statistics.nonFinite).toBe(8);
  expect([...statistics.mean]).toEqual([7, (6 + Math.fround(1e-3)) / 3]);
});

it('reads targets for regression', async () => {
  const { train, ...dataset } = await load('x,kind\n1,2.5\n2,-3\n3,0', { task: 'regression' });
  expect([...train.store.targets!]).toEqual([2.5, -3, 0]);
  expect(train.store.labels).toBeNull();
  expect(dataset).toMatchObject({ classes: null, outputs: 1, task: 'regression' });
  expect(dataset.statistics.classCounts).toBeNull();
});

it('reads only the first examples', async () => {
  const { train } = await load(`${small}garbage that is never reached`, {
    limit: 3,
    validation: 0.3,
  });
  expect(train.store.count).toBe(3);
});

it('finds the columns of validation data by their names, in any order', async () => {
  folder.write('v.csv', 'kind,extra,y,x\na,9,20,10\n');
  const { train, validation } = await load(small, { validation: 'v.csv' });
  expect([...validation!.store.inputs]).toEqual([10, 20]);
  expect([...validation!.store.labels!]).toEqual([train.store.labels![1]]);
});

const source = ['data', 'source'];
const label = ['data', 'label'];
it.each([
  ['an empty file', '', /"x.csv" is empty/, source],
  ['a header alone', 'x,kind\n', /no examples/, source],
  ['no such column', 'x,knid\n1,2\n', /no column "kind".*mean "knid"/, label],
  ['no header', '1,2\n3,4\n', /first line holds numbers/, label],
  ['semicolons', 'x;y;kind\n1;2;a\n', /semicolons/, label],
  ['nothing but labels', 'kind\na\nb\n', /at least one other column/, source],
  [
    'a cell that is no number',
    `${small}7,eight,b\n`,
    /row 4 \(line 5\), column "y" holds "eight"/,
    source,
  ],
  [
    'the same after a quoted line break',
    'x,kind\n1,"a\nb"\no,c',
    /row 2 \(line 4\), column "x" holds "o"/,
    source,
  ],
  ['a comma as decimal point', 'x,kind\n"1,5",a\n', /holds "1,5"; a number was expected/, source],
  ['a short row', `${small}7,b\n`, /line 5 has 2 cells; the header has 3/, source],
  ['a long row', `${small}7,8,b,b\n`, /line 5 has 4 cells; the header has 3/, source],
  [
    'a missing label',
    `${small}7,8,\n`,
    /row 4 \(line 5\) has no value in the label column "kind"/,
    label,
  ],
  ['one class', 'x,kind\n1,a\n2,a\n', /All 2 examples have the class "a"/, label],
  ['a quote never closed', 'x,kind\n1,"a\n2,b\n', /never closed/, source],
  ['a quote within a cell', 'x,kind\n1,a"b\n', /where none may be/, source],
])('refuses %s', async (_, text, message, path) => {
  const error = await refusal(text);
  expect(error.message).toMatch(message);
  expect(error.place.path).toEqual(path);
});

it('refuses a target that is no number', async () => {
  const error = await refusal('x,kind\n1,a\n', { task: 'regression' });
  expect(error.message).toMatch(/row 1 \(line 2\), column "kind" holds "a"/);
});

it('refuses a label that is different in every example, and names the cure', async () => {
  const rows = Array.from({ length: 50 }, (_, i) => `1,${i / 7}`).join('\n');
  expect((await refusal(`x,kind\n${rows}`)).message).toMatch(/task: regression/);
});

it('asks for the label', async () => {
  const error = await refusal(small, { label: undefined });
  expect(error.message).toMatch(/Which column of "x.csv" is to be predicted/);
  expect(error.place.path).toEqual(['data']);
});

it('refuses validation data that lacks a column or has another class', async () => {
  folder.write('v.csv', 'x,z,kind\n1,2,a\n');
  expect((await refusal(small, { validation: 'v.csv' })).message).toMatch(
    /"v.csv": it lacks .*"y"/,
  );
  folder.write('v.csv', 'x,y,kind\n1,2,c\n');
  const error = await refusal(small, { validation: 'v.csv' });
  expect(error.message).toMatch(/a class that the training data has not: "c"/);
  expect(error.place.path).toEqual(['data', 'validation']);
});

it('survives any bytes: it loads them or refuses them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const text = Buffer.concat([Buffer.from('x,kind\n'), bytes]);
      await load(text).catch((error) => expect(error.name).toBe('UserError'));
    }),
    { numRuns: 200 },
  );
});
