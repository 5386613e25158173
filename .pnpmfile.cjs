const sorted = dependencies => Object.fromEntries(Object.entries(dependencies).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** pnpm writes packages of the workspace in the order in which it has read their manifests, which differs between two runs. */
const beforePacking = manifest => {
  const { dependencies, devDependencies } = manifest
  return {
    ...manifest,
    ...(dependencies === undefined ? {} : { dependencies: sorted(dependencies) }),
    ...(devDependencies === undefined ? {} : { devDependencies: sorted(devDependencies) })
  }
}

module.exports = { hooks: { beforePacking } }
