import { describe, expect, test } from 'vitest';
import { findingsBeside } from '../../../core/diagnosis/beside.ts';
import type { Finding } from '../../../core/events/finding.ts';

const text = `# spiral
data: { source: spiral }
model: { layers: [dense: 8, relu, dense: 3] }
optimizer: { type: sgd, learningRate: 1e6 }
`;
const rate = (rule: string, severity: Finding['severity'] = 'error'): Finding => ({
  rule,
  severity,
  path: ['optimizer', 'learningRate'],
  message: 'It is too high.',
  evidence: {},
  fixes: [{ title: 'Lower', edits: [{ path: ['optimizer', 'learningRate'], value: 0.01 }] }],
});
const high = rate('learning-rate-high');
const suspicious = rate('suspicious-learning-rate');
const ran = { configText: text, findings: [high] };
const beside = (
  now: string,
  fresh: Finding[] | null = [suspicious],
  run: typeof ran | null = ran,
) =>
  findingsBeside(now, 'a.train.yaml', run, fresh).map(({ finding, stale }) =>
    stale ? `${finding.rule}, stale` : finding.rule,
  );

describe('what is said of a config beside its latest run', () => {
  test('no run: what the text alone tells', () => {
    expect(beside(text, [suspicious], null)).toEqual(['suspicious-learning-rate']);
    expect(beside(text, null, null)).toEqual([]);
  });
  test('as it was trained: what the run found, whatever comments say', () => {
    expect(beside(text)).toEqual(['learning-rate-high']);
    expect(beside(text.replace('# spiral', '# another'))).toEqual(['learning-rate-high']);
  });
  test('another key edited: it still holds, and still explains its symptoms', () => {
    expect(beside(text.replace('dense: 8', 'dense: 9'))).toEqual(['learning-rate-high']);
  });
  test('its key edited: stale; what the text alone tells is told anew', () => {
    const edited = text.replace('1e6', '1e5');
    expect(beside(edited)).toEqual(['learning-rate-high, stale', 'suspicious-learning-rate']);
    expect(beside(text.replace('1e6', '0.5'), [])).toEqual(['learning-rate-high, stale']);
  });
  test('ranges of a search are judged by their text, whatever the sweep before found', () => {
    const searched = `${text}sweep: { parameters: { optimizer.learningRate: { uniform: [0.001, 1] } } }\n`;
    const range: Finding = {
      ...rate('sweep-linear-range', 'warning'),
      path: ['sweep', 'parameters', 'optimizer.learningRate', 'uniform'],
      fixes: [],
    };
    const sweep = { configText: searched, findings: [range] };
    expect(beside(searched, [range], sweep)).toEqual(['sweep-linear-range']);
    expect(beside(searched.replace('0.001', '0.5'), [], sweep)).toEqual([]);
    expect(beside(searched.replace('0.001', '0.01'), [range], sweep)).toEqual([
      'sweep-linear-range',
    ]);
  });
  test('mended: gone', () => {
    expect(beside(text.replace('1e6', '0.01'), [])).toEqual([]);
  });
  test('muted: silent', () => {
    expect(beside(`${text}mute: [learning-rate-high]\n`, [])).toEqual([]);
  });
  test('taken back: there again', () => {
    expect(beside(text.replace('1e6', '1000000'))).toEqual(['learning-rate-high']);
  });
  test('what a text alone tells lives with the text, but a run may have made it less severe', () => {
    const shuffle: Finding = { ...rate('no-shuffle', 'info'), path: ['training', 'shuffle'] };
    const run = { configText: text, findings: [shuffle] };
    const edited = text.replace('dense: 8', 'dense: 9');
    const warned: Finding = { ...shuffle, severity: 'warning' };
    const told = findingsBeside(edited, 'a.train.yaml', run, [warned]);
    expect(told).toEqual([{ finding: shuffle, stale: false }]);
    expect(findingsBeside(edited, 'a.train.yaml', run, [])).toEqual([]);
    // While the config has an error, nothing is known anew.
    expect(findingsBeside(`${edited}epochs: 3\n`, 'a.train.yaml', run, null)).toEqual([
      { finding: shuffle, stale: false },
    ]);
  });
  test('a removed layer is mended when another one stands there', () => {
    const last = ['model', 'layers', 2];
    const removal: Finding = {
      ...rate('dead-relu'),
      path: last,
      fixes: [{ title: 'Remove', edits: [{ path: last, value: undefined }] }],
    };
    const run = { configText: text, findings: [removal] };
    expect(beside(text.replace(', dense: 3', ''), [], run)).toEqual([]);
  });
  test('a text that cannot be read: nothing is thrown', () => {
    expect(beside('{{{', null)).toEqual(['learning-rate-high, stale']);
    expect(beside('', null)).toEqual(['learning-rate-high, stale']);
  });
});
