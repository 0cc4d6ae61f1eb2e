import { UserError } from '../events/user-error.ts';

const REASONS: { [code: string]: string } = {
  ENOSPC: 'the disk is full. Free some space (old runs can be deleted in the sidebar)',
  EDQUOT: 'your disk quota is used up. Free some space (old runs can be deleted in the sidebar)',
  EFBIG: 'the file would grow beyond what this system allows',
  EACCES: 'there is no permission to write there. Copy the project to a folder of your own',
  EPERM: 'there is no permission to write there. Copy the project to a folder of your own',
  EROFS: 'the disk is read-only. Copy the project to a disk that can be written',
  ENOENT: 'its folder is gone. It was deleted or moved while the run was going on',
  ENOTDIR: 'a file stands where a folder must be. Move it away',
  EEXIST: 'a file stands where a folder must be. Move it away',
};

/** How every message about a disk that does not take a run begins. */
export const CANNOT_SAVE = 'The run cannot be saved in';

/** A failed write, as its user can understand it; any other error as it is. */
export function diskError(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return error;
  const reason = REASONS[error.code] ?? `${error.message}. Check the disk`;
  return new UserError(`${CANNOT_SAVE} ${file}: ${reason}, then train again.`, {
    file,
  });
}
