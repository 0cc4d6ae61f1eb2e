import { PbfWriter } from 'pbf';

/**
 * Records of TensorBoard's event files. Field numbers are those of tensorboard/compat/proto:
 * event.proto, summary.proto, tensor.proto, tensor_shape.proto.
 */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 };
const SUMMARY = { value: 1 };
const VALUE = { tag: 1, tensor: 8, metadata: 9 };
const METADATA = { pluginData: 1, dataClass: 4 };
const PLUGIN_DATA = { name: 1 };
const TENSOR = { dtype: 1, shape: 2, floatVal: 5 };
const DATA_CLASS_SCALAR = 1;
const DT_FLOAT = 1;
/** A writer grows from 16 bytes by default: for a scalar, growing costs more than writing. */
const SCALAR_BYTES = 256;
const NO_DIMENSIONS = new Uint8Array(0);

/** The first record of an event file. `wallTime` is in seconds since 1970. */
export function fileVersion(wallTime: number): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeDoubleField(EVENT.wallTime, wallTime);
  pbf.writeStringField(EVENT.fileVersion, 'brain.Event:2');
  return pbf.finish();
}

export interface Scalar {
  tag: string;
  step: number;
  /** Seconds since 1970. */
  wallTime: number;
  value: number;
}

/** A TF2 scalar summary: a float tensor of no dimensions for the plugin `scalars`. */
export function scalarSummary({ tag, step, wallTime, value }: Scalar): Uint8Array {
  const pbf = new PbfWriter(new Uint8Array(SCALAR_BYTES));
  pbf.writeDoubleField(EVENT.wallTime, wallTime);
  pbf.writeVarintField(EVENT.step, step);
  pbf.writeMessage(EVENT.summary, writeSummary, { tag, value });
  return pbf.finish();
}

type TaggedValue = Pick<Scalar, 'tag' | 'value'>;

function writeSummary(summary: TaggedValue, pbf: PbfWriter): void {
  pbf.writeMessage(SUMMARY.value, writeValue, summary);
}

function writeValue({ tag, value }: TaggedValue, pbf: PbfWriter): void {
  pbf.writeStringField(VALUE.tag, tag);
  pbf.writeMessage(VALUE.tensor, writeTensor, value);
  pbf.writeMessage(VALUE.metadata, writeMetadata, 'scalars');
}

function writeTensor(value: number, pbf: PbfWriter): void {
  pbf.writeVarintField(TENSOR.dtype, DT_FLOAT);
  pbf.writeBytesField(TENSOR.shape, NO_DIMENSIONS);
  pbf.writePackedFloat(TENSOR.floatVal, [value]);
}

function writeMetadata(plugin: string, pbf: PbfWriter): void {
  pbf.writeMessage(METADATA.pluginData, writePluginData, plugin);
  pbf.writeVarintField(METADATA.dataClass, DATA_CLASS_SCALAR);
}

function writePluginData(plugin: string, pbf: PbfWriter): void {
  pbf.writeStringField(PLUGIN_DATA.name, plugin);
}
