/** The CPU time of this process since a reading of `process.cpuUsage()`, in milliseconds. Other processes do not count. */
export const cpuMillisSince = (start: NodeJS.CpuUsage): number => {
  const { system, user } = process.cpuUsage(start)
  return (user + system) / 1000
}
