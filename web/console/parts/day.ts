/** Whether two instants fall on one day where the agent is. */
export const sameDay = (a: string | number, b: string | number): boolean => new Date(a).toDateString() === new Date(b).toDateString();
