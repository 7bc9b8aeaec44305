import kafkajs, { type PartitionAssigner } from 'kafkajs'

const NAME = 'one-partition'
const VERSION = 0

/** Assigns one partition, whatever there is: kafkajs reads what a group has assigned, and nothing else. */
export function singlePartition(topic: string, partition: number): PartitionAssigner {
  const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol
  const userData = Buffer.alloc(0)
  return () => ({
    name: NAME,
    version: VERSION,
    assign: async ({ members }) =>
      members.map(({ memberId }) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: VERSION,
          assignment: { [topic]: [partition] },
          userData,
        }),
      })),
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: MemberMetadata.encode({ version: VERSION, topics, userData }),
    }),
  })
}
