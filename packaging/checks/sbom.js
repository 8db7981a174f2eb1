// Is standard input a bill of materials by the schema of CycloneDX? Prints what is wrong with it.
const fs = require('node:fs');
const { Validation, Spec } = require('@cyclonedx/cyclonedx-library');

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
validator.validate(fs.readFileSync(0, 'utf8')).then((wrong) => {
  if (wrong) {
    console.error(wrong);
    process.exitCode = 1;
  }
});
