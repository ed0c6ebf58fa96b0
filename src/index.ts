/** The access token that requests are sent with, and how it is refreshed. */
export * as AccessToken from "./auth/AccessToken.ts"
/** Whose tokens a call uses. */
export * as CurrentUser from "./CurrentUser.ts"
/** Miro's OAuth 2.0. */
export * as MiroOAuth from "./auth/MiroOAuth.ts"
/** The tokens of one user as they are stored. */
export * as TokenRecord from "./auth/TokenRecord.ts"
/** Where tokens are kept. */
export * as TokenStorage from "./auth/TokenStorage.ts"
/** The checks that a storage of your own has to pass. */
export * as TokenStorageTest from "./auth/TokenStorageTest.ts"
/** Cards that an app keeps in step with a source of its own. */
export * as AppCards from "./boards/AppCards.ts"
/** The members of a board. */
export * as BoardMembers from "./boards/BoardMembers.ts"
/** Boards. */
export * as Boards from "./boards/Boards.ts"
/** Cards. */
export * as Cards from "./boards/Cards.ts"
/** Connectors between items. */
export * as Connectors from "./boards/Connectors.ts"
/** Text documents. */
export * as DocFormats from "./boards/DocFormats.ts"
/** Documents, such as PDFs. */
export * as Documents from "./boards/Documents.ts"
/** Content from elsewhere. */
export * as Embeds from "./boards/Embeds.ts"
/** Frames. */
export * as Frames from "./boards/Frames.ts"
/** Groups of items on a board. */
export * as Groups from "./boards/Groups.ts"
/** Images. */
export * as Images from "./boards/Images.ts"
/** Items of every type on a board. */
export * as Items from "./boards/Items.ts"
/** Shapes. */
export * as Shapes from "./boards/Shapes.ts"
/** Sticky notes. */
export * as StickyNotes from "./boards/StickyNotes.ts"
/** The tags of a board. */
export * as Tags from "./boards/Tags.ts"
/** Texts. */
export * as Texts from "./boards/Texts.ts"
/** How long calls may take. */
export * as Timeouts from "./Timeouts.ts"
/** The bytes of images and documents. */
export * as Download from "./client/Download.ts"
/** The client that all operations go through. */
export * as MiroClient from "./client/MiroClient.ts"
/** The one error of this package. */
export * as MiroError from "./MiroError.ts"
/** Declares operations. */
export * as Operation from "./client/Operation.ts"
/** How a list is read page by page. */
export * as Pagination from "./client/Pagination.ts"
/** What requests cost. */
export * as RateLimit from "./client/RateLimit.ts"
/** When a call is made again. */
export * as Retry from "./client/Retry.ts"
/** Spans, metrics and logs of calls. */
export * as Telemetry from "./Telemetry.ts"
/** Files to upload. */
export * as Upload from "./client/Upload.ts"
/** What users did with AI. */
export * as AiInteractionLogs from "./enterprise/AiInteractionLogs.ts"
/** What happened in an organization. */
export * as AuditLogs from "./enterprise/AuditLogs.ts"
/** Exports of boards for eDiscovery. */
export * as BoardExports from "./enterprise/BoardExports.ts"
/** The user groups that a board is shared with. */
export * as BoardUserGroups from "./enterprise/BoardUserGroups.ts"
/** The cases of eDiscovery. */
export * as Cases from "./enterprise/Cases.ts"
/** What was changed on the boards of an organization. */
export * as ContentLogs from "./enterprise/ContentLogs.ts"
/** Labels that say how sensitive a board is. */
export * as DataClassification from "./enterprise/DataClassification.ts"
/** Legal holds, which keep boards from being deleted. */
export * as LegalHolds from "./enterprise/LegalHolds.ts"
/** The members of an organization. */
export * as OrganizationMembers from "./enterprise/OrganizationMembers.ts"
/** Organizations. */
export * as Organizations from "./enterprise/Organizations.ts"
/** The members of a project. */
export * as ProjectMembers from "./enterprise/ProjectMembers.ts"
/** The settings of a project. */
export * as ProjectSettings from "./enterprise/ProjectSettings.ts"
/** The user groups that a project is shared with. */
export * as ProjectUserGroups from "./enterprise/ProjectUserGroups.ts"
/** The projects of a team. */
export * as Projects from "./enterprise/Projects.ts"
/** The sessions of users. */
export * as Sessions from "./enterprise/Sessions.ts"
/** The members of a team. */
export * as TeamMembers from "./enterprise/TeamMembers.ts"
/** The settings of teams. */
export * as TeamSettings from "./enterprise/TeamSettings.ts"
/** The user groups in a team. */
export * as TeamUserGroups from "./enterprise/TeamUserGroups.ts"
/** The teams of an organization. */
export * as Teams from "./enterprise/Teams.ts"
/** The members of a user group. */
export * as UserGroupMembers from "./enterprise/UserGroupMembers.ts"
/** The teams that a user group is in. */
export * as UserGroupTeams from "./enterprise/UserGroupTeams.ts"
/** The user groups of an organization. */
export * as UserGroups from "./enterprise/UserGroups.ts"
/** How much an app is used. */
export * as AppMetrics from "./experimental/AppMetrics.ts"
/** Code widgets. */
export * as CodeWidgets from "./experimental/CodeWidgets.ts"
/** Shapes, those of flowcharts among them. */
export * as FlowchartShapes from "./experimental/FlowchartShapes.ts"
/** Items, in Miro's experimental API. */
export * as ExperimentalItems from "./experimental/Items.ts"
/** The nodes of mind maps. */
export * as MindMapNodes from "./experimental/MindMapNodes.ts"
/** The client that the SCIM operations go through. */
export * as ScimClient from "./scim/ScimClient.ts"
/** What Miro's SCIM API can do. */
export * as ScimDiscovery from "./scim/Discovery.ts"
/** The teams of an organization, in SCIM. */
export * as ScimGroups from "./scim/Groups.ts"
/** The users of an organization, in SCIM. */
export * as ScimUsers from "./scim/Users.ts"
/** Access tokens, as Miro sees them. */
export * as Tokens from "./client/Tokens.ts"
