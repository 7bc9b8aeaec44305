import { type Handlers, works } from '../handler.ts'
import { uploadContactProfilePhoto } from './contact-photo.ts'
import { deletePhotos, updateProfilePhoto, uploadProfilePhoto } from './profile.ts'
import { getUserPhotos } from './user-photos.ts'

/** The namespace `photos`: pictures of profiles. */
export const photosHandlers: Handlers = {
  'photos.uploadProfilePhoto': works(uploadProfilePhoto, 'profile'),
  'photos.updateProfilePhoto': works(updateProfilePhoto, 'profile'),
  'photos.uploadContactProfilePhoto': works(uploadContactProfilePhoto, 'profile'),
  'photos.deletePhotos': works(deletePhotos, 'profile'),
  'photos.getUserPhotos': works(getUserPhotos),
}
