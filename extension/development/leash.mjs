// node leash.mjs COMMAND [ARGUMENT]…
// Runs a command for as long as our standard input stays open. Whoever started us holds the other
// end: when that process is gone, even killed, the command and all it has started end too.
// Must lead a process group of its own.
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('exit', (code) => process.exit(code ?? 1));
child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.stdin.resume();
process.stdin.on('close', () => {
  if (process.platform === 'win32') child.kill();
  else process.kill(-process.pid, 'SIGKILL');
});
