/** The part of the help texts that follows the commands. */
import * as HelpDoc from "@effect/cli/HelpDoc"

const section = (title: string, lines: ReadonlyArray<string>) => [HelpDoc.h1(title), ...lines.map(HelpDoc.p)]

export const footer = (examples: ReadonlyArray<string>) =>
  HelpDoc.blocks([
    ...section("EXAMPLES", examples.map(example => `$ ${example}`)),
    ...section("ANYWHERE", [
      "--help, --version: this text, and the version",
      "--log-level LEVEL: error leaves out warnings, debug says more about an error of the command itself",
      "--completions SHELL: a script of completions for bash, zsh, fish or sh"
    ]),
    ...section("ENVIRONMENT", [
      "SIGNALWIRE_SPACE: the space, such as acme or acme.signalwire.com, or a server on this machine: 127.0.0.1:8080",
      "SIGNALWIRE_PROJECT_ID: the id of the project",
      "SIGNALWIRE_API_TOKEN: an API token of the project, with the Video scope",
      "SIGNALWIRE_REST_BASE_URL: any other address, in place of SIGNALWIRE_SPACE",
      "SIGNALWIRE_REST_CA_FILE: a file with certificates in PEM to trust in place of the well-known authorities",
      "SIGNALWIRE_DECODING: strict, or lenient to show as unset what the service sends in a wrong form",
      "HTTPS_PROXY, NO_PROXY: the proxy to go through, and the hosts to reach without it",
      "NO_COLOR: any value turns colours off"
    ]),
    ...section("EXIT CODES", [
      "0: done",
      "1: no session was fetched, a malformed id included, or it could not be written; standard error says why",
      "2: the command line is wrong",
      "130, 143: interrupted"
    ])
  ])
