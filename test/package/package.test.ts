import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync, spawnSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { SourceMap } from "node:module"
import { dirname, join, resolve } from "node:path"
import { gzipSync } from "node:zlib"
import { operations } from "../../scripts/operations.ts"
import { find } from "../../scripts/site/find.ts"
import { brokenLinks } from "../../scripts/site/links.ts"
import { browserBundle } from "../support/browserBundle.ts"
import * as Chromium from "../support/chromium.ts"
import { openEditor } from "./editor.ts"

const run = (command: string, ...args: ReadonlyArray<string>) => execFileSync(command, args, { encoding: "utf8" })

/** Runs a program that imports the package as it is published. */
const program = (code: string) => run(process.execPath, "--input-type=module", "--eval", code)

describe("the package as it is published", () => {
  beforeAll(() => {
    run("npm", "run", "build")
  }, 60_000)

  it("has its modules at their paths, and nothing internal", () => {
    assert.strictEqual(
      program(`
        import { Boards, MiroClient } from "effect-miro"
        import * as StickyNotes from "effect-miro/boards/StickyNotes"
        import { MiroSandbox } from "effect-miro/sandbox"
        import * as UndiciHttpClient from "effect-miro/undici"
        console.log([Boards.create.operation.id, StickyNotes.create.operation.id, typeof MiroClient.layer, typeof MiroSandbox.layer, typeof UndiciHttpClient.layer].join())
      `).trim(),
      "create-board,create-sticky-note-item,function,object,object"
    )
    for (const path of [
      "http/json",
      "client/operation/encode",
      "auth/oauth/pages",
      "auth/record/store",
      "sandbox/internal/store",
      "undici/body",
      "index"
    ]) {
      const imported = program(`import("effect-miro/${path}").catch((error) => console.log(error.code))`)
      assert.strictEqual(imported.trim(), "ERR_PACKAGE_PATH_NOT_EXPORTED")
    }
  })

  it("imports nothing but effect, except for tokens in SQLite, the command and undici", () => {
    const files = globSync("dist/**/*.js").filter(
      (file) => file !== "dist/auth/TokenStorageSqlite.js" && !/^dist\/(?:command|undici)\//.test(file)
    )
    const imports = files.flatMap((file) =>
      Array.from(
        readFileSync(file, "utf8").matchAll(/^(?:import|export) .* from "([^".][^"]*)"/gm),
        ([, module]) => module
      )
    )
    assert.isAbove(imports.length, 100)
    assert.deepStrictEqual(
      imports.filter((module) => !module?.startsWith("effect/")),
      []
    )
  })

  it("has the command that runs the sandbox", () => {
    const { bin, version } = JSON.parse(readFileSync("package.json", "utf8"))
    const path = bin["effect-miro-sandbox"]
    assert.include(run(process.execPath, path, "--version"), version)
    assert.isTrue(readFileSync(path, "utf8").startsWith("#!/usr/bin/env node"))
  })

  it("lets a bundler leave out what a program does not use: top-level calls are marked pure", () => {
    const files = globSync("dist/{boards,models,auth,client}/*.js")
    assert.isAbove(files.length, 20)
    for (const file of files) {
      const calls = readFileSync(file, "utf8").match(/^(?:export )?const \w+ = [\w.]+\(.*| extends [\w.]+\(.*/gm) ?? []
      assert.deepStrictEqual(calls, [], file)
    }
  })

  it("has a bundler keep the calls that a function makes", () => {
    const files = globSync("dist/**/*.js").filter((file) => !file.startsWith("dist/command/"))
    assert.isAbove(files.length, 200)
    for (const file of files) assert.notMatch(readFileSync(file, "utf8"), /(?:=>|return) \/\*#__PURE__\*\//, file)
  })

  it("leads a debugger from every call to its source", () => {
    const lines = readFileSync("dist/auth/MiroOAuth.js", "utf8").split("\n")
    const map = new SourceMap(JSON.parse(readFileSync("dist/auth/MiroOAuth.js.map", "utf8")))
    const source = readFileSync("src/auth/MiroOAuth.ts", "utf8").split("\n")
    const calls = lines.flatMap((line, row) =>
      /^ *\/?\*/.test(line)
        ? []
        : Array.from(line.matchAll(/\w+(?=\()/g), ({ 0: called, index }) => ({ called, row, index }))
    )
    assert.isAbove(calls.length, 50)
    for (const { called, index, row } of calls) {
      const entry = map.findEntry(row, index)
      const isFound = "originalLine" in entry && source[entry.originalLine]?.startsWith(called, entry.originalColumn)
      assert.isTrue(isFound, `${called} in line ${row + 1}`)
    }
  })

  it("one operation bundled with its client is at most 223 kB minified, 74 kB gzipped", async () => {
    const { code } = await browserBundle(
      `
        import { Boards, MiroClient } from "effect-miro"
        import * as Effect from "effect/Effect"
        import * as FetchHttpClient from "effect/http/FetchHttpClient"
        import * as Layer from "effect/Layer"
        import * as Redacted from "effect/Redacted"
        const Miro = Layer.provide(MiroClient.layerToken(Redacted.make("token")), FetchHttpClient.layer)
        Effect.runPromise(Effect.provide(Boards.get({ boardId: "b" }), Miro)).then(console.log)`
    )
    // Far less than this would mean that the program was left out.
    assert.isAbove(code.length, 100_000)
    assert.isAtMost(code.length, 223_000)
    assert.isAtMost(gzipSync(code).length, 74_000)
  })

  it("loads nothing of the sandbox and the command with its main module", async () => {
    const { modules } = await browserBundle('import "effect-miro"\n', { treeshake: false })
    const own = modules.map((path) => path.split("/dist/")).filter(([root]) => root === process.cwd())
    assert.isAbove(own.length, 50)
    assert.deepStrictEqual(
      own.filter(([, path]) => /^(?:sandbox|command|undici)\//.test(path ?? "")),
      []
    )
  })

  describe("costs the compiler little", () => {
    const folder = "test/package/.types"
    const programs = {
      "a call": `
        import { Boards } from "effect-miro"
        export const board = Boards.get({ boardId: "b" })
        export const name = Effect.map(board, (board) => board.name)`,
      "a call with much to say": `
        import { Items } from "effect-miro"
        export const created = Items.createBulk({
          boardId: "b",
          items: [{ type: "sticky_note", data: { content: "a" } }, { type: "card", data: { title: "b" } }]
        })`,
      "a stream of items that are told apart": `
        import { Items } from "effect-miro"
        export const notes = Items.list.items({ boardId: "b" }).pipe(
          Stream.map((item) => (item.type === "sticky_note" ? item.data?.content : item.id))
        )`,
      "a call to SCIM": `
        import { ScimUsers } from "effect-miro"
        export const users = Effect.map(ScimUsers.list({ count: 10 }), ({ Resources }) => Resources?.map(({ id }) => id))`
    }

    beforeAll(() => {
      mkdirSync(folder, { recursive: true })
      for (const [name, code] of Object.entries(programs)) {
        writeFileSync(
          join(folder, `${name}.ts`),
          `import * as Effect from "effect/Effect"\nimport * as Stream from "effect/Stream"\n${code}\nvoid [Effect, Stream]\n`
        )
      }
      return () => rmSync(folder, { recursive: true })
    })

    it.each(Object.keys(programs))("%s: at most 2,000 types are instantiated", (name) => {
      const diagnostics = run(
        process.execPath,
        "node_modules/typescript/bin/tsc",
        ..."--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --skipLibCheck --extendedDiagnostics".split(
          " "
        ),
        ..."--module nodenext --target es2022 --types node".split(" "),
        join(folder, `${name}.ts`)
      )
      const instantiations = Number(/Instantiations:\s+(\d+)/.exec(diagnostics)?.[1])
      assert.isAbove(instantiations, 0)
      assert.isAtMost(instantiations, 2_000)
    })
  })

  describe("in an editor", () => {
    let editor: Awaited<ReturnType<typeof openEditor>>

    beforeAll(async () => {
      editor = await openEditor()
      return editor.close
    })

    it("shows what a field is: of an input, of a value and of the path", async () => {
      const hovers = await editor.hoversOf(`
        import { Boards, Items, StickyNotes } from "effect-miro"
        const input = { boardId: "b", data: { content: "a" } }
        StickyNotes.create({ /*1*/boardId: "b", data: { /*2*/content: "a" }, /*3*/position: {} })
        Boards.list.items({ /*4*/teamId: "1", /*5*/limit: 1 })
        declare const note: StickyNotes.StickyNote
        note./*6*/parent
        note.data?./*7*/content
        declare const item: Items.Item
        if (item.type === "embed") item.data?./*8*/previewUrl
      `)
      assert.match(hovers["1"] ?? "", /The id of the board/)
      assert.match(hovers["2"] ?? "", /Plain text, or the HTML/)
      assert.match(hovers["3"] ?? "", /centre of the item/)
      assert.match(hovers["4"] ?? "", /Boards of this team/)
      assert.match(hovers["5"] ?? "", /items a page has at most/)
      assert.match(hovers["6"] ?? "", /The frame that the item is in/)
      assert.match(hovers["7"] ?? "", /HTML/)
      assert.match(hovers["8"] ?? "", /access token/)
    })

    it("shows what every operation does, and what every field of its input is", { timeout: 15_000 }, async () => {
      const names = operations.map(({ name }) => name)
      const fields = await editor.inputFieldsOf(names)
      const places = names.flatMap((name, index) => [name, ...(fields[index] ?? []).map((field) => `${name} ${field}`)])
      const mark = (place: string) => `/*${places.indexOf(place)}*/`
      const calls = names.map((name, index) => {
        const [module, call] = name.split(".")
        const input = (fields[index] ?? []).map((field) => `${mark(`${name} ${field}`)}${JSON.stringify(field)}: never`)
        return `Miro.${module}.${mark(name)}${call}({ ${input.join(", ")} })`
      })
      const hovers = await editor.hoversOf(
        ['import * as Miro from "effect-miro"', "declare const never: never", ...calls].join("\n")
      )
      assert.isAbove(names.length, 190)
      assert.isAbove(places.length, 800)
      assert.deepStrictEqual(
        places.filter((_, index) => (hovers[index] ?? "") === ""),
        []
      )
    })

    it("offers after an operation only what it can do, with a text", { timeout: 30_000 }, async () => {
      const offered = await editor.completionsOf(operations.map(({ name }) => name))
      for (const [index, { name, pagination }] of operations.entries()) {
        const completions = offered[index] ?? new Map<string, string>()
        const ofLists = pagination === undefined ? [] : ["items", "pages"]
        assert.deepStrictEqual(
          [...completions.keys()].toSorted(),
          [...ofLists, "operation", "withResponse"].toSorted(),
          name
        )
        assert.deepStrictEqual(
          [...completions].filter(([, text]) => text === "").map(([completion]) => completion),
          [],
          name
        )
      }
    })
  })

  it("has a docstring for every export and a comment for every field, and they say what the declarations do", () => {
    assert.match(run("npm", "run", "--silent", "documentation"), / 0 problems/)
  })

  it("reports a field that lost its comment in the build, and fails", () => {
    const file = "dist/boards/Boards.d.ts"
    const text = readFileSync(file, "utf8")
    writeFileSync(file, text.replace("/** The id of the board. */ ", ""))
    const { status, stdout } = spawnSync("npm", ["run", "--silent", "documentation"], { encoding: "utf8" })
    writeFileSync(file, text)
    assert.match(stdout, /^dist\/boards\/Boards\.d\.ts: the field \w+\.boardId has no comment$/m)
    assert.strictEqual(status, 1)
  })

  it("shows an operation by the names of what it gives and the plain fields of what it takes", () => {
    const readDeclarations = (path: string) =>
      readFileSync(path, "utf8")
        .replaceAll(/\/\*\*[^]*?\*\//g, "")
        .replaceAll(/\s+/g, " ")
    const declarations = readDeclarations("dist/boards/Items.d.ts")
    assert.include(
      declarations,
      "export declare const get: Operation.Operation<{ readonly boardId: string; readonly itemId: string; }, Item, import("
    )
    const boards = readDeclarations("dist/boards/Boards.d.ts")
    assert.include(boards, "get: Operation.Operation<{ readonly boardId: string; }, Board, import(")
    assert.match(
      boards,
      /list: Operation\.ListOperation<\{.*readonly query\?: string \| undefined;.*readonly data: readonly Board\[\];/
    )
    assert.notMatch(boards, /Operation<[^>]*Schema\./)
  })

  it("ships its sources and types, and no tests", () => {
    const [{ files }] = JSON.parse(run("npm", "pack", "--dry-run", "--json", "--ignore-scripts")) as [
      { readonly files: ReadonlyArray<{ readonly path: string }> }
    ]
    const paths = files.map(({ path }) => path)
    for (const path of ["dist/index.js", "dist/index.d.ts", "src/index.ts", "README.md", "LICENSE", "CHANGELOG.md"]) {
      assert.include(paths, path)
    }
    assert.deepStrictEqual(
      paths.filter((path) => /^(?:test|examples|node_modules)\//.test(path)),
      []
    )
    const links = paths
      .filter((path) => path.endsWith(".md"))
      .flatMap((page) =>
        Array.from(readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g), ([, link = ""]) =>
          join(dirname(page), link)
        )
      )
    assert.isAbove(links.length, 10)
    assert.deepStrictEqual(
      links.filter((link) => !paths.includes(link)),
      [],
      "a page of the package links to what is not in it"
    )
  })

  describe("has a site", () => {
    const home = "https://github.com/effect-miro/effect-miro"

    beforeAll(() => {
      assert.match(run(process.execPath, "--conditions=effect-miro-source", "scripts/site.ts"), / 0 problems/)
    }, 60_000)

    const page = (url: string) => readFileSync(join("site", url), "utf8")

    it("shows every operation with its request, its fields, Miro's page and its source", () => {
      for (const { file, id, method, name, path } of operations) {
        const [module = "", call = ""] = name.split(".")
        const html = page(`api/${module}.html`)
        const [, section = ""] = html.split(`<section class="export" id="${call}">`)
        const [own = ""] = section.split("</section>")
        for (const text of [`<code>${id}</code>`, `<code>${method} ${path}</code>`, `/${file}#L`, id.toLowerCase()]) {
          assert.include(own, text, name)
        }
        assert.include(page("operations.html"), `href="api/${module}.html#${call}"`)
        assert.include(page("llms.txt"), `- \`${name}\` (\`${id}\``)
      }
      const notes = page("api/StickyNotes.html")
      assert.match(notes, /<code>data\.content\?<\/code>[^]*Plain text, or the HTML/)
      assert.include(notes, '<a href="../api/models/Position.html#Position">Position</a>')
    })

    it("notices a link that leads nowhere", () => {
      const file = "site/docs/errors.html"
      const text = readFileSync(file, "utf8")
      const links = ["gone.html", "operations.html#gone", `${home}/blob/main/gone.ts`]
      writeFileSync(file, text + links.map((link) => `<a href="${link}">a</a>`).join(""))
      const found = brokenLinks("site", home)
      writeFileSync(file, text)
      assert.deepStrictEqual(
        found,
        links.map((link) => `docs/errors.html: ${link} leads nowhere`)
      )
    })

    it("finds an operation by what it is about, by Miro's name and by its own, and a status in the guides", () => {
      const [, index = ""] = /^globalThis\.searchIndex = (.*)$/m.exec(page("search-index.js")) ?? []
      const titles = (query: string) => find(JSON.parse(index), query).map(({ title }) => title)
      assert.include(titles("sticky note").slice(0, 4), "StickyNotes.create")
      assert.strictEqual(titles("create-sticky-note-item")[0], "StickyNotes.create")
      assert.strictEqual(titles("StickyNotes.create")[0], "StickyNotes.create")
      assert.include(titles("429"), "Errors")
      assert.deepStrictEqual(titles("nothing of this kind"), [])
    })

    it.live.skipIf(!Chromium.hasChromium)("is searched without a server, on a phone too, and keeps nobody out", () =>
      Effect.gen(function* () {
        const somebody = yield* Chromium.person()
        yield* somebody(async (page) => {
          await page.goto(`file://${resolve("site/docs/errors.html")}`)
          await page.keyboard.press("/")
          await page.keyboard.type("create-sticky-note-item")
          await page.getByText(/^\d+ found$/).waitFor()
          await page.keyboard.press("Enter")
          await page.waitForURL(/\/api\/StickyNotes\.html#create$/)
        })
        for (const url of [
          "index.html",
          "operations.html",
          "api/StickyNotes.html",
          "api/MiroOAuth.html",
          "docs/errors.html"
        ]) {
          const found = yield* somebody(async (page) => {
            await page.goto(`file://${resolve("site", url)}`)
            return Chromium.barriers(page)
          })
          assert.deepStrictEqual(found, [])
          const overflow = yield* somebody(async (page) => {
            await page.setViewportSize({ width: 360, height: 700 })
            return page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          })
          assert.isAtMost(overflow, 0, url)
        }
      }).pipe(Effect.scoped, Effect.provide(Chromium.layer))
    )
  })
})
