import { fileURLToPath } from 'node:url';

/** Returns the path of a file of this project; compiled sources stand three directories below its root. */
export function projectFile(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
