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
const TENSOR = { dtype: 1, shape: 2, content: 4, floatVal: 5 };
const SHAPE = { dimension: 2 };
const DIMENSION = { size: 1 };
const DATA_CLASS_SCALAR = 1;
const DT_FLOAT = 1;
const DT_DOUBLE = 2;
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

/** Where a summary stands. */
interface Place {
  tag: string;
  step: number;
  /** Seconds since 1970. */
  wallTime: number;
}

export interface Scalar extends Place {
  value: number;
}

/** A TF2 scalar summary: a float tensor of no dimensions for the plugin `scalars`. */
export function scalarSummary({ value, ...place }: Scalar): Uint8Array {
  return summary(SCALAR_BYTES, {
    ...place,
    metadata: { plugin: 'scalars', dataClass: DATA_CLASS_SCALAR },
    write: writeScalar,
    content: value,
  });
}

export interface HistogramRecord extends Place {
  /** Row-major [k × 3]: the left edge, the right edge and the count of each bucket. */
  buckets: Float64Array;
}

/**
 * A TF2 histogram summary: a double tensor [k × 3] for the plugin `histograms`; see
 * tensorboard/plugins/histogram/summary_v2.py.
 */
export function histogramSummary({ buckets, ...place }: HistogramRecord): Uint8Array {
  return summary(SCALAR_BYTES + buckets.byteLength, {
    ...place,
    metadata: { plugin: 'histograms' },
    write: writeBuckets,
    content: buckets,
  });
}

interface Metadata {
  plugin: string;
  /** What TensorBoard's own writer leaves out for histograms. */
  dataClass?: number;
}

interface Summary<Content> extends Place {
  metadata: Metadata;
  /** Writes the tensor. */
  write: (content: Content, pbf: PbfWriter) => void;
  content: Content;
}

function summary<Content>(bytes: number, { step, wallTime, ...value }: Summary<Content>) {
  const pbf = new PbfWriter(new Uint8Array(bytes));
  pbf.writeDoubleField(EVENT.wallTime, wallTime);
  pbf.writeVarintField(EVENT.step, step);
  pbf.writeMessage(EVENT.summary, writeSummary<Content>, value);
  return pbf.finish();
}

type Value<Content> = Omit<Summary<Content>, 'step' | 'wallTime'>;

function writeSummary<Content>(value: Value<Content>, pbf: PbfWriter): void {
  pbf.writeMessage(SUMMARY.value, writeValue<Content>, value);
}

function writeValue<Content>(value: Value<Content>, pbf: PbfWriter): void {
  const { tag, metadata, write, content } = value;
  pbf.writeStringField(VALUE.tag, tag);
  pbf.writeMessage(VALUE.tensor, write, content);
  pbf.writeMessage(VALUE.metadata, writeMetadata, metadata);
}

function writeScalar(value: number, pbf: PbfWriter): void {
  pbf.writeVarintField(TENSOR.dtype, DT_FLOAT);
  pbf.writeBytesField(TENSOR.shape, NO_DIMENSIONS);
  pbf.writePackedFloat(TENSOR.floatVal, [value]);
}

function writeBuckets(buckets: Float64Array, pbf: PbfWriter): void {
  const content = new Uint8Array(buckets.byteLength);
  const view = new DataView(content.buffer);
  for (let i = 0; i < buckets.length; i++) view.setFloat64(i * 8, buckets[i]!, true);
  pbf.writeVarintField(TENSOR.dtype, DT_DOUBLE);
  pbf.writeMessage(TENSOR.shape, writeShape, [buckets.length / 3, 3]);
  pbf.writeBytesField(TENSOR.content, content);
}

function writeMetadata({ plugin, dataClass }: Metadata, pbf: PbfWriter): void {
  pbf.writeMessage(METADATA.pluginData, writePluginData, plugin);
  if (dataClass !== undefined) pbf.writeVarintField(METADATA.dataClass, dataClass);
}

function writePluginData(plugin: string, pbf: PbfWriter): void {
  pbf.writeStringField(PLUGIN_DATA.name, plugin);
}

function writeShape(shape: number[], pbf: PbfWriter): void {
  for (const size of shape) pbf.writeMessage(SHAPE.dimension, writeDimension, size);
}

function writeDimension(size: number, pbf: PbfWriter): void {
  pbf.writeVarintField(DIMENSION.size, size);
}
