/**
 * How a gradient passes a relu y = max(0, x):
 * - `gradient`: dx = dy where x > 0;
 * - `deconvolution`: dx = max(0, dy), whatever x was (Zeiler and Fergus 2014);
 * - `guided`: dx = max(0, dy) where x > 0, both at once (Springenberg et al. 2015).
 */
export type Rectification = 'gradient' | 'deconvolution' | 'guided';
