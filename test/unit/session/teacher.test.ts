import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepare } from '../../../core/session/prepare.ts';
import { writeTeacher } from '../../../core/session/teacher.ts';
import { requestOf } from './runs.ts';

const STUDENT = `data: { source: spiral, examples: 50 }
model: { layers: [dense: 8, tanh, dense: 3] }
loss:
  type: softmaxCrossEntropy
  distill: { teacher: says.safetensors, temperature: 2 }
`;

async function studentWith(write: (file: string) => Promise<void>) {
  const request = await requestOf(STUDENT);
  await write(join(dirname(request.configFile), 'says.safetensors'));
  return prepare(request);
}

describe('what a teacher says', () => {
  it('is read beside the data', async () => {
    const says = Float32Array.from({ length: 150 }, (_, i) => i / 150);
    const { dataset, plan } = await studentWith((file) => writeTeacher(file, says, 3));
    expect(dataset.softTargets).toEqual(says);
    expect(plan.teacher).toMatchObject({ temperature: 2 });
  });

  it.each<[what: string, write: (file: string) => Promise<void>, message: RegExp]>([
    ['of nothing', async () => {}, /There is no file "says\.safetensors"/],
    [
      'of no such file',
      (file) => writeFile(file, 'half'),
      /no whole checkpoint in the safetensors/,
    ],
    [
      'of other examples',
      (file) => writeTeacher(file, new Float32Array(120), 3),
      /was not made for these data: 50 examples of 3 classes need as many probabilities, found 40×3/,
    ],
    [
      'of other classes',
      (file) => writeTeacher(file, new Float32Array(200), 4),
      /found 50×4 of them/,
    ],
  ])('is refused where it is %s', async (_, write, message) => {
    const refused = expect(studentWith(write)).rejects;
    await refused.toMatchObject({
      message: expect.stringMatching(message),
      place: { path: ['loss', 'distill', 'teacher'], line: 5, column: 23 },
    });
  });
});
