// The dialogs, loaded together after the first paint.
import AssignDialog from '../transfer/AssignDialog';
import DepartmentDialog from '../transfer/DepartmentDialog';
import TransferDialog from '../transfer/TransferDialog';
import CloseDialog from '../close/CloseDialog';
import LabelsDialog from '../conversations/LabelsDialog';
import SaveViewDialog from '../conversations/SaveViewDialog';
import SnoozeDialog from '../snooze/SnoozeDialog';
import LinkDialog from '../tickets/LinkDialog';
import TranscriptDialog from '../transcript/TranscriptDialog';
import { ColumnsDialog, JustifyDialog, NarrowDialog, NewTicketDialog } from '../tickets/dialogs';
import Palette from './Palette';
import Shortcuts from './Shortcuts';
import { Suspense, type ReactNode } from 'react';
import type { Scene } from './stage';
import Viewer from './Viewer';

export default function Scenes({ scene }: { scene: Scene }) {
  switch (scene.kind) {
    case 'assign':
      return <AssignDialog conversation={scene.conversation} />;
    case 'department':
      return <DepartmentDialog conversation={scene.conversation} />;
    case 'transfer':
      return <TransferDialog conversation={scene.conversation} />;
    case 'snooze':
      return <SnoozeDialog conversation={scene.conversation} />;
    case 'labels':
      return <LabelsDialog conversation={scene.conversation} />;
    case 'close':
      return <CloseDialog conversation={scene.conversation} />;
    case 'transcript':
      return <TranscriptDialog conversation={scene.conversation} />;
    case 'link':
      return <LinkDialog conversation={scene.conversation} />;
    case 'saveView':
      return <SaveViewDialog filter={scene.filter} view={scene.view} />;
    case 'newTicket':
      return <Late><NewTicketDialog set={scene.set} /></Late>;
    case 'justify':
      return <Late><JustifyDialog scene={scene} /></Late>;
    case 'narrow':
      return <Late><NarrowDialog scene={scene} /></Late>;
    case 'columns':
      return <Late><ColumnsDialog /></Late>;
    case 'palette':
      return <Palette />;
    case 'shortcuts':
      return <Shortcuts />;
    case 'viewer':
      return <Viewer scene={scene} />;
    default:
      return null;
  }
}

/** Dialogs of screens that are loaded when they are opened. */
const Late = ({ children }: { children: ReactNode }) => <Suspense fallback={null}>{children}</Suspense>;
