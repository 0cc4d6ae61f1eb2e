/** At least so many pixels for each of the view's. */
const LEAST_SCALE = 2;
/** No canvas of Chromium is wider or higher. */
const LONGEST = 16_384;

/** An SVG's picture, sharp also where it is enlarged. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const longer = Math.max(image.width, image.height);
  const scale = Math.min(Math.max(LEAST_SCALE, window.devicePixelRatio), LONGEST / longer);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (!blob) throw new Error('its picture is too large for this browser');
  return new Uint8Array(await blob.arrayBuffer());
}
