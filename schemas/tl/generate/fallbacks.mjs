/**
 * What stands for a value that an old layer cannot express. The name given here, or the type's constructor that needs
 * the fewest bytes, stands wherever the old layer requires a value of that type.
 */
export const PREFERRED = {
  Bool: 'boolFalse',
  Chat: 'chatEmpty',
  ChannelParticipant: 'channelParticipant',
  ChatParticipant: 'chatParticipant',
  ChatPhoto: 'chatPhotoEmpty',
  Document: 'documentEmpty',
  InputPeer: 'inputPeerEmpty',
  Message: 'messageEmpty',
  MessageAction: 'messageActionEmpty',
  MessageMedia: 'messageMediaUnsupported',
  NotificationSound: 'notificationSoundDefault',
  PageBlock: 'pageBlockUnsupported',
  Peer: 'peerUser',
  Photo: 'photoEmpty',
  RichText: 'textEmpty',
  SendMessageAction: 'sendMessageTypingAction',
  Updates: 'updatesTooLong',
  User: 'userEmpty',
  UserStatus: 'userStatusEmpty',
  WebPage: 'webPageEmpty',
  'auth.SentCodeType': 'auth.sentCodeTypeApp',
}

/**
 * Types whose unknown constructors are replaced everywhere, even where the value is optional or in a vector. Elements
 * of any other type are left out of vectors (unknown updates, message entities, …), and optional values are left off.
 */
export const REPLACED = [
  'MessageAction',
  'MessageMedia',
  'PageBlock',
  'RichText',
  'SendMessageAction',
  'UserStatus',
  'auth.SentCodeType',
]
