// The forces of t-SNE between points in the plane: of all on all, four at a time.
import { laneSum, multiplyAdd } from './simd';

/**
 * Of each of n points z = (x, y): attraction Σⱼ pᵢⱼ wᵢⱼ (zᵢ − zⱼ) and repulsion Σⱼ wᵢⱼ² (zᵢ − zⱼ), where
 * w = 1 / (1 + ‖zᵢ − zⱼ‖²); gives Σ w over all pairs of different points. Tensors: points, attraction and
 * repulsion [2 × stride], first all x; p [n × stride], stride a multiple of 4. What lies behind n: p is
 * 0, and points are so far away that nothing is felt of them.
 */
export function neighbourForces(
  n: u32,
  stride: u32,
  p: usize,
  points: usize,
  attraction: usize,
  repulsion: usize,
): f64 {
  const one = f32x4.splat(1);
  const bytes: usize = <usize>stride << 2;
  let sum: f64 = 0;
  for (let i: usize = 0; i < <usize>n << 2; i += 4, p += bytes) {
    const xi = v128.load32_splat(points + i);
    const yi = v128.load32_splat(points + bytes + i);
    let weights = f32x4.splat(0);
    let pullX = f32x4.splat(0);
    let pullY = f32x4.splat(0);
    let pushX = f32x4.splat(0);
    let pushY = f32x4.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) {
      const x = f32x4.sub(xi, v128.load(points + j));
      const y = f32x4.sub(yi, v128.load(points + bytes + j));
      const weight = f32x4.div(one, multiplyAdd(x, x, multiplyAdd(y, y, one)));
      const pull = f32x4.mul(v128.load(p + j), weight);
      const push = f32x4.mul(weight, weight);
      weights = f32x4.add(weights, weight);
      pullX = multiplyAdd(pull, x, pullX);
      pullY = multiplyAdd(pull, y, pullY);
      pushX = multiplyAdd(push, x, pushX);
      pushY = multiplyAdd(push, y, pushY);
    }
    // A point has weight 1 with itself.
    sum += laneSum(weights) - 1;
    store<f32>(attraction + i, <f32>laneSum(pullX));
    store<f32>(attraction + bytes + i, <f32>laneSum(pullY));
    store<f32>(repulsion + i, <f32>laneSum(pushX));
    store<f32>(repulsion + bytes + i, <f32>laneSum(pushY));
  }
  return sum;
}
