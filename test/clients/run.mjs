// Runs a file and writes what it prints, or the error it ends with, to <file>.out.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const file = resolve(process.argv[2]), out = []
console.log = (...values) => out.push(values.join(' '))
try {
  await import(file)
} catch (error) {
  out.push([error.code, error.message].filter(Boolean).join(' ').split('\n')[0])
}
writeFileSync(file + '.out', out.join('\n'))
process.exit()
